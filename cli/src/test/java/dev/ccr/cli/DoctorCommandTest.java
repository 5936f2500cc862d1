package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.ccr.cli.files.FlatJson;
import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ccr doctor} as a user sees it; its provider is a socket of this machine. */
final class DoctorCommandTest {

  private static final String SECRET = "sk-or-v1-0123456789abcdef";
  private static final InetAddress HOST = InetAddress.ofLiteral("127.0.0.1");

  @TempDir private Path home = Path.of("unset");
  private final Map<String, String> env = new HashMap<>();
  private ServerSocket provider = unbound();
  private int port;

  private static ServerSocket unbound() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void aMachineOnWhichAllIsWell() throws IOException {
    provider.bind(new InetSocketAddress(HOST, 0));
    try (ServerSocket free = new ServerSocket(0, 1, HOST)) {
      port = free.getLocalPort();
    }
    Path program = Files.createDirectory(home.resolve("bin")).resolve("claude");
    Files.writeString(program, "");
    assertTrue(program.toFile().setExecutable(true));
    env.putAll(
        Map.of(
            "HOME", home.toString(),
            "PATH", home.resolve("bin").toString(),
            "CCR_CONFIG_PATH", home.resolve("config.json").toString(),
            "CCR_PORT", String.valueOf(port)));
    config("", provider.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    provider.close();
  }

  private void config(String more, int providerPort) throws IOException {
    Path file = home.resolve("config.json");
    Files.writeString(
        file,
        """
        {%s "APIKEY": "%s",
         "Providers": [{"name": "p", "api_base_url": "http://127.0.0.1:%d/v1/chat/completions",
                        "api_key": "%s"}],
         "Router": {"default": "p,m"}}
        """
            .formatted(more, SECRET, providerPort, SECRET));
    if (isPosix()) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private boolean isPosix() {
    return home.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private Run doctor() {
    Run run = Run.of(env, "doctor");
    assertEquals("", run.err());
    assertFalse(run.out().contains(SECRET), "no key is shown");
    return run;
  }

  /** What is found, and then what is to be done. */
  private void finds(int code, String level, String check, String what, String remedy) {
    Run run = doctor();
    String line = "%-8s %-9s %s".formatted(level, check, what.replace("HOME", home.toString()));
    String wanted = remedy.isEmpty() ? line + "\n" : line + "\n" + " ".repeat(19) + remedy + "\n";
    assertTrue(
        run.out().contains(wanted.replace("HOME", home.toString())),
        () -> wanted + " is missing in\n" + run.out());
    assertEquals(code, run.code(), run.out());
  }

  @Test
  void whereAllIsWellThereIsNoProblem() throws IOException {
    Run run = doctor();
    assertEquals(0, run.code(), run.out());
    assertTrue(run.out().contains("\n0 problems, "), run.out());
    finds(0, "ok", "config", "HOME/config.json can be used", "");
    finds(0, "ok", "port", "127.0.0.1:" + port + " is free", "");
    finds(0, "ok", "claude", "HOME/bin/claude", "");
    String url = "http://127.0.0.1:" + provider.getLocalPort();
    finds(0, "ok", "provider", "p: " + url + " can be reached", "");
    finds(0, "ok", "settings", "none of Claude Code's leads past the router", "");
    finds(0, "ok", "proxy", "no variable names one", "");
  }

  @Test
  void programsReadItAsJson() throws IOException {
    Run run = Run.of(env, "doctor", "--json");
    assertEquals(0, run.code());
    Map<String, String> json = FlatJson.read(run.out().getBytes(StandardCharsets.UTF_8));
    assertEquals("0", json.get("problems"));
    assertEquals("ok", json.get("findings.[].level"));
    assertEquals("config", json.get("findings.[].check"));
    assertEquals("", json.get("findings.[].remedy"));
    assertFalse(run.out().contains(SECRET));
  }

  @Test
  void aConfigurationThatIsMissingIsAProblem() throws IOException {
    Files.delete(home.resolve("config.json"));
    finds(
        1,
        "problem",
        "config",
        "~/config.json: no such file (expected: a configuration; the README shows the smallest"
            + " one)",
        "Make one: ccr config init");
  }

  @Test
  void aConfigurationThatCannotBeUsedIsAProblem() throws IOException {
    config("\"PROT\": 1, \"LOG_LEVEL\": \"loud\",", provider.getLocalPort());
    String mend = "Correct the file; docs/configuration.md describes the keys.";
    finds(1, "warning", "config", "config.json:1: PROT: unknown key (nearest: PORT)", mend);
    finds(
        1,
        "problem",
        "config",
        "config.json:1: LOG_LEVEL: \"loud\" (expected: debug, info, warn or error)",
        mend);
  }

  @Test
  void whatOthersMayReadIsAWarning() throws IOException {
    assumeTrue(isPosix(), "there are no such permissions");
    Path file = home.resolve("config.json");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    finds(
        0,
        "warning",
        "config",
        "config.json: mode 0644 (expected: 0600, since it holds keys)",
        "chmod 600 HOME/config.json");

    env.put("XDG_STATE_HOME", home.toString());
    Path logs = Files.createDirectories(home.resolve("claude-code-router/logs"));
    Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwxr-x---"));
    finds(
        0,
        "warning",
        "folder",
        "HOME/claude-code-router/logs: others get into it (expected: rwx------)",
        "chmod 700 HOME/claude-code-router/logs");
  }

  @Test
  void aRoutersFolderHasToBeOne() throws IOException {
    env.put("XDG_STATE_HOME", home.toString());
    Files.writeString(home.resolve("claude-code-router"), "");
    finds(
        1,
        "problem",
        "folder",
        "HOME/claude-code-router: cannot be written to",
        "Let it be a folder of your own: chown, chmod");
  }

  @Test
  void aPortThatAnotherProgramHoldsIsAProblem() throws IOException {
    HttpServer other = HttpServer.create(new InetSocketAddress(HOST, port), 1);
    other.start(); // answers 404
    try {
      finds(
          1,
          "problem",
          "port",
          "http://127.0.0.1:" + port + ": held by a program that is no router",
          "Stop that program, or choose another port: PORT or CCR_PORT");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void aRouterOnThePortIsAskedHowItIs() throws Exception {
    Config config = ConfigReader.read(home.resolve("config.json"), env);
    try (ProxyServer router = ProxyServer.start(config)) {
      finds(0, "ok", "port", "a router answers on http://127.0.0.1:" + port, "");
      finds( // this one was started within the test, and listens for no commands
          0,
          "warning",
          "port",
          "ccr stop, status and code do not reach that router: it is another user's, or keeps its"
              + " state elsewhere",
          "Ask it as the user who started it, or choose another port: CCR_PORT.");
      router.rejected(
          Assertions.assertThrows(
              ConfigException.class, () -> ConfigReader.parse("config.json", "{}", Map.of())));
      finds(
          0,
          "warning",
          "port",
          "the router works with an older configuration, since it cannot use the file",
          "Correct the file: ccr config validate says what is wrong.");
    }
  }

  @Test
  void aHostThatIsNotThisMachineIsAProblem() throws IOException {
    env.put("CCR_HOST", "h".repeat(64) + ".invalid");
    finds(
        1,
        "problem",
        "port",
        env.get("CCR_HOST") + ": no such host",
        "Let HOST be an address of this machine.");
  }

  @ParameterizedTest
  @CsvSource({"'', 1, problem", "'\"Router\": {\"default\": \"q,m\"},', 0, warning"})
  void aProviderThatIsUsedHasToBeThere(String other, int code, String level) throws IOException {
    int closed = provider.getLocalPort();
    provider.close();
    try (ServerSocket open = new ServerSocket(0, 1, HOST)) {
      if (!other.isEmpty()) {
        Files.writeString(
            home.resolve("config.json"),
            """
            {"Providers": [
              {"name": "p", "api_base_url": "http://127.0.0.1:%d/", "api_key": ""},
              {"name": "q", "api_base_url": "http://127.0.0.1:%d/", "api_key": ""}],
             "Router": {"default": "Q,m"}}
            """
                .formatted(closed, open.getLocalPort()));
      }
      finds(
          code,
          level,
          "provider",
          "p: http://127.0.0.1:" + closed + ": connection refused or unreachable",
          "Start that server, or correct its api_base_url.");
    }
  }

  @Test
  void whatWouldLeadClaudeCodePastTheRouterIsAWarning() throws IOException {
    Path settings = Files.createDirectories(home.resolve(".claude")).resolve("settings.json");
    Files.writeString(
        settings,
        """
        {"model": "opus", "permissions": {"allow": ["Bash(ls)"]},
         "env": {"ANTHROPIC_BASE_URL": "https://elsewhere.example", "API_TIMEOUT_MS": "5",
                 "ANTHROPIC_AUTH_TOKEN": "%s", "CLAUDE_CODE_USE_BEDROCK": "1",
                 "CLAUDE_CODE_USE_VERTEX": ""}}
        """
            .formatted(SECRET));
    String file = "HOME/.claude/settings.json: env.";
    String more = " counts more than what ccr env sets";
    String remedy = "Take it out of that file.";
    finds(0, "warning", "settings", file + "ANTHROPIC_BASE_URL" + more, remedy);
    finds(0, "warning", "settings", file + "CLAUDE_CODE_USE_BEDROCK" + more, remedy);
    Run run = doctor();
    for (String name : new String[] {"AUTH_TOKEN", "USE_VERTEX", "TIMEOUT"}) {
      assertFalse(run.out().contains(name), run.out());
    }
    Files.writeString(settings, "{");
    finds(
        0,
        "warning",
        "settings",
        "HOME/.claude/settings.json: not JSON that can be read",
        "Correct the file.");
  }

  @Test
  void claudeCodeMayBeMissing() throws IOException {
    Files.delete(home.resolve("bin/claude"));
    finds(
        0,
        "warning",
        "claude",
        "claude: not found (expected: a program on the PATH)",
        "Install it (npm install -g @anthropic-ai/claude-code), or let CLAUDE_PATH name it.");
  }
}
