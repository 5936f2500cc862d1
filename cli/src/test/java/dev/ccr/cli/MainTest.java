package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line as a user sees it: what it prints where, and its exit code. */
final class MainTest {

  @TempDir private Path home = Path.of("unset");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--help         | 0 | Usage: ccr [-hV] [COMMAND]",
        "--version      | 0 | ccr ",
        "start --help   | 0 | Usage: ccr start [-dhv] [-l[=PATH]]",
        "logs --help    | 0 | Usage: ccr logs [-fh]",
        "route --help   | 0 | Usage: ccr route [-eh]",
        "demo --help    | 0 | Usage: ccr demo [-h]",
        "config --help  | 0 | Usage: ccr config [-h] [COMMAND]",
      })
  void helpGoesToStandardOutput(String arguments, int code, String start) {
    Run run = Run.of(Map.of(), arguments.split(" ", -1));
    assertEquals(code, run.code());
    assertTrue(run.out().startsWith(start), run.out());
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense        | Unmatched argument at index 0: 'nonsense'",
        "start --nonsens | Unknown option: '--nonsens'",
        "route           | Missing required parameter: 'FILE'",
        "logs -n -1     | --lines: -1 (expected: 0 or more)",
        "demo extra      | Unmatched argument at index 1: 'extra'",
      })
  void wrongUsageSaysWhatIsWrong(String arguments, String message) {
    Run run = Run.of(Map.of(), arguments.split(" ", -1));
    assertEquals(2, run.code());
    assertTrue(run.err().contains(message), run.err());
    assertEquals("", run.out());
  }

  @Test
  void withoutACommandTheHelpIsShown() {
    Run run = Run.of(Map.of());
    assertEquals(2, run.code());
    assertTrue(run.err().contains("Missing required subcommand"), run.err());
    assertTrue(run.err().contains("Usage: ccr"), run.err());
  }

  @Test
  void startNamesTheConfigurationThatIsMissing() {
    Run run = Run.of(Map.of("HOME", home.toString()), "start");
    assertEquals(1, run.code());
    assertTrue(
        run.err().startsWith("~/.claude-code-router/config.json: no such file"), run.err());
    assertTrue(run.err().endsWith("Make one first: ccr config init\n"), run.err());
  }

  @Test
  void startRefusesToBeOpenToEverybody() throws IOException {
    Run run = Run.of(Map.of("CCR_CONFIG_PATH", config().toString(), "CCR_HOST", "0.0.0.0"), "start");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("CCR_HOST: \"0.0.0.0\" (expected: a loopback"), run.err());
  }

  @Test
  void startSaysThatItsPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String port = String.valueOf(taken.getLocalPort());
      Run run =
          Run.of(Map.of("CCR_CONFIG_PATH", config().toString(), "CCR_PORT", port), "start");
      assertEquals(1, run.code());
      assertTrue(run.err().startsWith("cannot listen on 127.0.0.1:" + port), run.err());
    }
  }

  @Test
  void theDemoShowsAWholeStreamAndItsRoute() {
    Run run = Run.of(Map.of(), "demo");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("event: message_start"), run.out());
    assertTrue(run.out().contains("event: message_stop"), run.out());
    assertTrue(run.out().contains("route     default -> demo, model paced"), run.out());
  }

  @ParameterizedTest
  @CsvSource({
    "io.netty.leakDetection.level, , disabled",
    "io.netty.leakDetection.level, paranoid, paranoid",
    "io.netty.allocator.lowMemory, , false",
    "io.netty.allocator.lowMemory, true, true",
  })
  void nettyIsToldWhatTheJvmHasNotBeen(String name, @Nullable String told, String value) {
    Properties jvm = new Properties();
    if (told != null) {
      jvm.setProperty(name, told);
    }
    Main.settle(jvm);
    assertEquals(value, jvm.getProperty(name));
  }

  private Path config() throws IOException {
    Path file = home.resolve("config.json");
    Files.writeString(
        file,
        """
        {"Providers": [{"name": "box", "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
                        "api_key": "", "models": ["m"]}],
         "Router": {"default": "box,m"}}
        """);
    return file;
  }
}
