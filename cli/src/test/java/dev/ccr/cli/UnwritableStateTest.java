package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands where the folder for the router's state is missing, or cannot be made. */
final class UnwritableStateTest {

  @TempDir private Path home = Path.of("unset");
  private Path config = Path.of("unset");

  @BeforeEach
  void configuration() throws IOException {
    config =
        Files.writeString(
            home.resolve("config.json"),
            """
            {"Providers": [{"name": "box", "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
                            "api_key": "", "models": ["m"]}],
             "Router": {"default": "box,m"}}
            """);
  }

  private Map<String, String> env(Path state) {
    return Map.of(
        "HOME", home.toString(), "CCR_CONFIG_PATH", config.toString(),
        "XDG_STATE_HOME", state.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "stop"})
  void whatOnlyLooksMakesNoFolder(String command) {
    Path state = home.resolve("state");
    Run run = Run.of(env(state), command);
    assertEquals(command.equals("status") ? 3 : 0, run.code(), run.err());
    assertFalse(Files.exists(state));
  }

  @Test
  void noRouterRunsWhereNoFolderCanBe() {
    Run run = Run.of(env(config), "status"); // root may write anywhere, but not below a file
    assertEquals(3, run.code(), run.err());
    assertEquals("No router runs. To start one: ccr start\n", run.out());
  }

  @Test
  void aStartSaysWhichFolderItIsAndWhatToDo() {
    Run run = Run.of(env(config), "start", "--detach");
    assertEquals(1, run.code());
    assertEquals(
        """
        %s/claude-code-router/run: Not a directory
        The router keeps its state there. XDG_STATE_HOME names another folder for it.
        """
            .formatted(config),
        run.err());
  }
}
