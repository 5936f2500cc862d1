package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretReaderTest {
  private static final String CANARY = "sk-canary-4711";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"k\"                | k",
        "\"\"                 | ''",
        "[\"k\"]              | k",
        "[\"k\", \"$K\"]      | k of-env",
        "[{\"key\": \"$K\", \"weight\": 3}, \"k\"] | of-env k",
        "\"${K}\"             | of-env",
        "\"Bearer $K.x\"      | Bearer of-env.x",
        "\"$k\"               | $k",
      })
  void aKeyIsAStringOrAList(String value, String expected) throws ConfigException {
    Config config = parse(value, Map.of("K", "of-env"));
    List<String> keys =
        config.providers().getFirst().apiKeys().stream().map(Secret::reveal).toList();
    assertEquals(expected, String.join(" ", keys));
    assertEquals(keys.getFirst(), config.providers().getFirst().apiKey().reveal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"k", "k\n", " k\r\n", "\n\tk\n\n"})
  void aFileIsReadAndStripped(String content) throws Exception {
    Path file = write(content, "rw-------");
    for (String value : List.of("file:" + file, "file://" + file, "file:$KEY_FILE")) {
      Config config = parse("\"" + value + "\"", Map.of("KEY_FILE", file.toString()));
      assertEquals("k", config.providers().getFirst().apiKey().reveal());
      assertEquals(List.of(), config.warnings());
    }
  }

  @Test
  void aFileThatOthersMayReadIsAWarning() throws Exception {
    Path file = write(CANARY, "rw-r--r--");
    assertEquals(
        List.of(
            "config.json:1: Providers[0].api_key[0]: " + file
                + ": mode 0644 (expected: 0600, since it holds a key)"),
        parse("[\"file:" + file + "\"]", Map.of()).warnings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", CANARY + "\nX-Evil: 1", CANARY + "\u00e9"})
  void aFileOfSomethingElseIsAProblem(String content) throws Exception {
    Path file = write(content, "rw-------");
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse("\"file:" + file + "\"", Map.of()));
    assertEquals(
        "config.json:1: Providers[0].api_key: "
            + (content.isBlank()
                ? file + ": empty (expected: a file that holds a key)"
                : "*** (expected: printable ASCII without blanks around it)"),
        e.getMessage());
  }

  @Test
  void tooLargeAFileIsAProblem() throws Exception {
    Path file = write("k".repeat((1 << 16) + 1), "rw-------");
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse("\"file:" + file + "\"", Map.of()));
    assertEquals(
        "config.json:1: Providers[0].api_key: " + file
            + ": more than 65536 bytes (expected: a readable file that holds a key)",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "$K, false",
    "'', false",
    "k, true",
    "$OF_FILE, true",
    "$OF_BOTH, false",
    "x$OF_BOTH, false",
  })
  void onlyAFileThatHoldsKeysHasToBeClosed(String key, boolean warned) throws Exception {
    Path file = folder.resolve("config.json");
    String variables = "{\"OF_FILE\": \"k\", \"OF_BOTH\": \"$K\", ";
    Files.writeString(file, variables + text("\"" + key + "\"").substring(1));
    close(file, "rw-r--r--");
    List<String> warnings = ConfigReader.read(file, Map.of("K", "k")).warnings();
    assertEquals(
        warned, warnings.contains("config.json: mode 0644 (expected: 0600, since it holds keys)"));
  }

  private Path write(String content, String permissions) throws IOException {
    Path file = folder.resolve("key");
    Files.writeString(file, content);
    close(file, permissions);
    return file;
  }

  private static void close(Path file, String permissions) throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static Config parse(String key, Map<String, String> env) throws ConfigException {
    return ConfigReader.parse("config.json", text(key), env);
  }

  private static String text(String key) {
    return "{\"Providers\": [{\"name\": \"p\", \"api_base_url\": \"http://h\", \"api_key\": " + key
        + "}], \"Router\": {\"default\": \"p,m\"}}";
  }
}
