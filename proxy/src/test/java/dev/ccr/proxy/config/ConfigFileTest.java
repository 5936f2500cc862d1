package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigFileTest {
  private static final String WITHOUT_KEYS =
      """
      {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
       "Router": {"default": "p,m"}}
      """;
  private static final String WITH_KEY = WITHOUT_KEYS.replace("\"\"", "\"k\"");

  @TempDir private Path home;
  private Path file;
  private Map<String, String> env;

  @BeforeEach
  void findTheFile() throws ConfigException {
    env = Map.of("HOME", home.toString(), "USERPROFILE", home.toString());
    file = ConfigReader.defaultPath(env);
  }

  @Test
  void defaultPathIsInTheHomeDirectoryTheEnvironmentNames() throws ConfigException {
    Map<String, String> both = Map.of("HOME", "/home/a", "USERPROFILE", "/profile");
    assertEquals(
        Path.of("/home/a/.claude-code-router/config.json"), ConfigReader.defaultPath(both, false));
    assertEquals(
        Path.of("/profile/.claude-code-router/config.json"), ConfigReader.defaultPath(both, true));
    assertEquals(
        Path.of(System.getProperty("user.home"), ".claude-code-router", "config.json"),
        ConfigReader.defaultPath(Map.of("CCR_CONFIG_PATH", ""), false));
  }

  @Test
  void yamlIsFoundWhereThereIsNoJson() throws Exception {
    Path folder = Files.createDirectories(home.resolve(".claude-code-router"));
    for (String name : List.of("config.yml", "config.yaml", "config.json")) {
      Files.createFile(folder.resolve(name));
      assertEquals(folder.resolve(name), ConfigReader.defaultPath(env));
    }
  }

  @Test
  void variableOverridesTheDefaultPath() throws ConfigException {
    Map<String, String> set = Map.of("HOME", "/home/a", "CCR_CONFIG_PATH", "/etc/ccr.json");
    assertEquals(Path.of("/etc/ccr.json"), ConfigReader.defaultPath(set));
    assertProblem(
        "CCR_CONFIG_PATH: \"a\\u0000b\" (expected: the path of a file)",
        assertThrows(
            ConfigException.class,
            () -> ConfigReader.defaultPath(Map.of("CCR_CONFIG_PATH", "a\0b"))));
  }

  @Test
  void missingFileIsNamedWithAHint() {
    assertProblem(
        "~/.claude-code-router/config.json: no such file"
            + " (expected: a configuration; the README shows the smallest one)",
        assertThrows(ConfigException.class, () -> ConfigReader.read(file, env)));
  }

  @Test
  void directoryIsNoFile() throws IOException {
    Files.createDirectories(file);
    assertProblem(
        "~/.claude-code-router/config.json: a directory (expected: a file)",
        assertThrows(ConfigException.class, () -> ConfigReader.read(file, env)));
  }

  @Test
  void unreadableFileIsSaidToBe() throws IOException {
    write(WITHOUT_KEYS, "-w-------");
    assumeFalse(Files.isReadable(file), "the superuser reads everything");
    assertProblem(
        "~/.claude-code-router/config.json: permission denied (expected: a readable file)",
        assertThrows(ConfigException.class, () -> ConfigReader.read(file, env)));
  }

  @Test
  void oneMebibyteIsTheLimit() throws Exception {
    String padding = " ".repeat(ConfigFile.MAX_SIZE - WITHOUT_KEYS.length());
    write(WITHOUT_KEYS + padding, "rw-------");
    assertEquals(file, ConfigReader.read(file, env).source());

    write(WITHOUT_KEYS + padding + " ", "rw-------");
    assertProblem(
        "~/.claude-code-router/config.json: more than 1048576 bytes (expected: at most 1 MiB)",
        assertThrows(ConfigException.class, () -> ConfigReader.read(file, env)));
  }

  @Test
  void otherEncodingsThanUtf8AreRefused() throws IOException {
    Files.createDirectories(home.resolve(".claude-code-router"));
    Files.write(file, WITHOUT_KEYS.getBytes(StandardCharsets.UTF_16));
    assertProblem(
        "~/.claude-code-router/config.json: not UTF-8 (expected: UTF-8)",
        assertThrows(ConfigException.class, () -> ConfigReader.read(file, env)));
  }

  @Test
  void fileOutsideTheHomeDirectoryIsNamedInFull() {
    Path elsewhere = home.resolveSibling("no-such-directory").resolve("ccr.json");
    assertProblem(
        elsewhere + ": no such file (expected: a configuration; the README shows the smallest one)",
        assertThrows(ConfigException.class, () -> ConfigReader.read(elsewhere, env)));
  }

  @Test
  void aNameOfSeveralLinesIsShownInOne() throws IOException {
    Path odd = Path.of("no\nsuch.json");
    assertProblem(
        "no\\u000asuch.json: no such file"
            + " (expected: a configuration; the README shows the smallest one)",
        assertThrows(ConfigException.class, () -> ConfigReader.read(odd, env)));
    assertProblem(
        "no\\u000asuch.json: empty (expected: a JSON object)",
        assertThrows(
            ConfigException.class, () -> ConfigReader.parse(odd.toString(), "", env)));
  }

  @ParameterizedTest
  @CsvSource({"rw-r--r--, 0644", "rw-r-----, 0640", "rw----r--, 0604", "rwxrwxrwx, 0777"})
  void keysThatOthersMayReadAreAWarning(String permissions, String mode) throws Exception {
    write(WITH_KEY, permissions);
    assertEquals(
        List.of("config.json: mode " + mode + " (expected: 0600, since it holds keys)"),
        ConfigReader.read(file, env).warnings());
  }

  @Test
  void noWarningWhereThereIsNothingToSteal() throws Exception {
    write(WITH_KEY, "rw-------");
    assertEquals(List.of(), ConfigReader.read(file, env).warnings());
    write(WITHOUT_KEYS, "rw-r--r--");
    assertEquals(List.of(), ConfigReader.read(file, env).warnings());
  }

  private void write(String text, String permissions) throws IOException {
    assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"), "POSIX");
    Files.createDirectories(home.resolve(".claude-code-router"));
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static void assertProblem(String expected, ConfigException e) {
    assertEquals(List.of(expected), e.problems());
    assertEquals(expected, e.getMessage());
    assertEquals(0, e.getStackTrace().length, "a file's fault is not at a place in our code");
  }
}
