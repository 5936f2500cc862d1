package dev.ccr.cli.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClaudeBinaryTest {

  @TempDir private Path root = Path.of("unset");

  /** Programs that are there; a path with a minus in front is there and is no program. */
  private void files(String paths) throws IOException {
    for (String path : paths.split(" ", -1)) {
      Path file = root.resolve(path.replace("-", ""));
      Files.createDirectories(file.resolveSibling("x").toAbsolutePath().getParent());
      Files.writeString(file, "");
      if (!path.startsWith("-") && !file.toFile().setExecutable(true)) {
        throw new IOException(file + ": cannot be made a program");
      }
    }
  }

  private Map<String, String> env(String variables, String separator) {
    return Arrays.stream(variables.split(" ", -1))
        .map(each -> each.split("=", 2))
        .collect(
            Collectors.toMap(
                each -> each[0],
                each ->
                    Arrays.stream(each[1].split(":", -1))
                        .map(path -> path.startsWith("@") ? root + "/" + path.substring(1) : path)
                        .collect(Collectors.joining(separator))));
  }

  @ParameterizedTest
  @CsvSource({
    "a/claude b/claude,                PATH=@a:@b,                         a/claude",
    "-a/claude b/claude,               PATH=@a:@b,                         b/claude",
    "b/claude,                         PATH=@missing:@b HOME=@h,           b/claude",
    "a/claude c/other,                 PATH=@a CLAUDE_PATH=@c/other,       c/other",
    "a/claude a/other,                 PATH=@a CLAUDE_PATH=other,          a/other",
    "h/.local/bin/claude,              PATH=@a HOME=@h,                    h/.local/bin/claude",
    "h/.claude/local/claude,           PATH=@a HOME=@h,                    h/.claude/local/claude",
    "a/claude h/.local/bin/claude,     PATH=@a HOME=@h,                    a/claude",
  })
  void itIsWhatTheVariableNamesOrElseTheFirstOnThePath(
      String files, String variables, String found) throws IOException {
    files(files);
    assertEquals(
        root.resolve(found), ClaudeBinary.find(env(variables, File.pathSeparator), false));
  }

  @ParameterizedTest
  @CsvSource({
    "a/claude a/claude.cmd,            Path=@a,                            a/claude.cmd",
    "a/claude.cmd a/claude.exe,        PATH=@a,                            a/claude.exe",
    "a/claude.cmd b/claude.exe,        Path=@a:@b,                         a/claude.cmd",
    "a/c.cmd,                          Path=@b Claude_Path=@a/c,           a/c.cmd",
    "a/c.cmd,                          Path=@b CLAUDE_PATH=@a/c.cmd,       a/c.cmd",
    "h/.local/bin/claude.exe,          Path=@a UserProfile=@h,             h/.local/bin/claude.exe",
  })
  void onWindowsItHasAnEnding(String files, String variables, String found) throws IOException {
    files(files);
    assertEquals(root.resolve(found), ClaudeBinary.find(env(variables, ";"), true));
  }

  @ParameterizedTest
  @CsvSource({
    "a/other,        PATH=@a,            claude: not found (expected: a program on the PATH)",
    "a/claude,       PATH=@a CLAUDE_PATH=/no/such, CLAUDE_PATH: /no/such (expected: a program)",
    "a/claude,       PATH=@a CLAUDE_PATH=other,    CLAUDE_PATH: other (expected: a program)",
    "a/claude,       PATH=@a CLAUDE_PATH=/,        CLAUDE_PATH: / (expected: a program)",
  })
  void whereThereIsNoneTheMessageSaysWhatWasLookedFor(
      String files, String variables, String message) throws IOException {
    files(files);
    IOException e =
        assertThrows(
            IOException.class,
            () -> ClaudeBinary.find(env(variables, File.pathSeparator), false));
    assertEquals(message, e.getMessage());
  }

  @Test
  void anEnvironmentWithoutAPathHasNone() {
    assertThrows(IOException.class, () -> ClaudeBinary.find(new HashMap<>(), false));
  }

  @Test
  void aNameThatIsNoPathIsPassedOver() throws IOException {
    files("a/claude");
    Map<String, String> env = Map.of("PATH", "\0" + File.pathSeparator + root.resolve("a"));
    assertEquals(root.resolve("a/claude"), ClaudeBinary.find(env, false));
  }

  @ParameterizedTest
  @CsvSource({
    "PATH=@a,                       c/configured",
    "PATH=@a CLAUDE_PATH=,          c/configured",
    "PATH=@a CLAUDE_PATH=@c/other,  c/other",
  })
  void theConfigurationCountsLessThanTheVariable(String variables, String found)
      throws Exception {
    files("a/claude c/other c/configured");
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"CLAUDE_PATH": "%s/c/configured",
             "Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}]}
            """
                .formatted(root),
            Map.of());
    assertEquals(root.resolve(found), ClaudeBinary.find(env(variables, ":"), config));
  }
}
