package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvCommandTest {

  private static final String UNSET =
      """
      unset ANTHROPIC_API_KEY
      unset ANTHROPIC_UNIX_SOCKET
      unset CLAUDE_CODE_USE_ANTHROPIC_AWS
      unset CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD
      unset CLAUDE_CODE_USE_BEDROCK
      unset CLAUDE_CODE_USE_FOUNDRY
      unset CLAUDE_CODE_USE_GATEWAY
      unset CLAUDE_CODE_USE_MANTLE
      unset CLAUDE_CODE_USE_VERTEX
      """;

  @TempDir private Path home = Path.of("unset");

  private Map<String, String> env(String more) throws IOException {
    Path file =
        Files.writeString(
            home.resolve("config.json"),
            """
            {%s "Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
             "Router": {"default": "p,usual", "background": "p,small"}}
            """
                .formatted(more));
    return new HashMap<>(Map.of("CCR_CONFIG_PATH", file.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"env", "activate"})
  void itPrintsCommandsForAShell(String name) throws IOException {
    Map<String, String> env = env("\"HOST\": \"0.0.0.0\", \"APIKEY\": \"it's a $(key)\",");
    env.put("CCR_PORT", "4000");
    env.put("no_proxy", "internal.example");
    Run run = Run.of(env, name, "--shell", "sh");
    assertEquals("", run.err());
    assertEquals(
        """
        export ANTHROPIC_AUTH_TOKEN='it'\\''s a $(key)'
        export ANTHROPIC_BASE_URL='http://127.0.0.1:4000'
        export ANTHROPIC_DEFAULT_HAIKU_MODEL='claude-haiku-4-5'
        export API_TIMEOUT_MS='600000'
        export CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY='1'
        export NO_PROXY='internal.example,127.0.0.1,localhost,::1,[::1]'
        export no_proxy='internal.example,127.0.0.1,localhost,::1,[::1]'
        """
            + UNSET,
        run.out());
    assertEquals(0, run.code());
  }

  @Test
  void otherShellsHaveOtherCommands() throws IOException {
    Map<String, String> env = env("");
    assertTrue(
        Run.of(env, "env", "--shell=fish").out().contains("set -gx ANTHROPIC_AUTH_TOKEN 'ccr'\n"));
    assertTrue(
        Run.of(env, "env", "-s", "powershell").out().contains("$env:API_TIMEOUT_MS = '600000'\n"));
    assertTrue(
        Run.of(env, "env", "-s", "cmd").out().contains("set \"CLAUDE_CODE_USE_BEDROCK=\"\n"));
  }

  @Test
  void aValueThatAShellCannotBeToldIsNotPrinted() throws IOException {
    Run run = Run.of(env("\"APIKEY\": \"a%PATH%b\","), "env", "--shell", "cmd");
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertEquals(
        """
        ANTHROPIC_AUTH_TOKEN: its value (expected: one that can be said to cmd)
        Let another shell start Claude Code, or choose another value.
        """,
        run.err());
  }

  @Test
  void withoutAConfigurationNothingIsPrintedThatAShellWouldRun() {
    Path missing = home.resolve("config.json");
    Run run = Run.of(Map.of("CCR_CONFIG_PATH", missing.toString()), "env");
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertTrue(run.err().endsWith("Make one first: ccr config init\n"), run.err());
  }

  @Test
  void aPortThatNobodyKnowsIsAnError() throws IOException {
    Map<String, String> env = env("");
    env.put("CCR_PORT", "0");
    Run run = Run.of(env, "env");
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertEquals("CCR_PORT: 0 (expected: the port on which the router answers)\n", run.err());
  }

  @Test
  void anotherShellIsWrongUsage() throws IOException {
    Run run = Run.of(env(""), "env", "--shell", "tcsh");
    assertEquals(2, run.code());
    assertTrue(
        run.err().contains("tcsh (expected: sh, fish, powershell, cmd)"), run.err());
  }
}
