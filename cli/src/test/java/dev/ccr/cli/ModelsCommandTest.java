package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelsCommandTest {

  @TempDir private Path home = Path.of("unset");

  private Run run(String config, String... more) throws IOException {
    Path file = Files.writeString(home.resolve("config.json"), config);
    String[] arguments = new String[more.length + 1];
    arguments[0] = "models";
    System.arraycopy(more, 0, arguments, 1, more.length);
    return Run.of(Map.of("CCR_CONFIG_PATH", file.toString()), arguments);
  }

  private static final String CONFIG =
      """
      {"Providers": [
         {"name": "Router", "api_base_url": "https://openrouter.ai/api/v1/chat/completions",
          "api_key": "sk-or-v1-0123456789", "models": ["z-ai/glm-5", "z-ai/glm-5-air", "gpt-5"],
          "model_whitelist": ["glm"]},
         {"name": "local", "api_base_url": "http://127.0.0.1:8000/v1/chat/completions",
          "api_key": ""},
         {"name": "idle", "api_base_url": "http://127.0.0.1:8001/v1/chat/completions",
          "api_key": ""}],
       "Router": {"default": "router,z-ai/glm-5", "think": "ROUTER,z-ai/glm-5",
                  "background": "local,coder",
                  "rules": [{"name": "small", "maxTokens": 500, "to": "local,coder"}]}}
      """;

  @Test
  void eachModelIsALineWithWhatLeadsToIt() throws IOException {
    Run run = run(CONFIG);
    assertEquals(
        """
        Router,z-ai/glm-5      default, think
        Router,z-ai/glm-5-air
        local,coder            background, rule small
        idle: no models listed; provider,model reaches any of them
        """,
        run.out());
    assertEquals("", run.err());
    assertEquals(0, run.code());
  }

  @Test
  void programsReadThemAsJson() throws IOException {
    assertEquals(
        """
        {"models":[\
        {"id":"Router,z-ai/glm-5","provider":"Router","model":"z-ai/glm-5","listed":true,\
        "routes":["default","think"],"rules":[]},\
        {"id":"Router,z-ai/glm-5-air","provider":"Router","model":"z-ai/glm-5-air","listed":true,\
        "routes":[],"rules":[]},\
        {"id":"local,coder","provider":"local","model":"coder","listed":false,\
        "routes":["background"],"rules":["small"]}]}
        """,
        run(CONFIG, "--json").out());
  }

  @Test
  void aConfigurationThatCannotBeUsedIsAProblem() throws IOException {
    Run run = run("{\"Providers\": []}");
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertTrue(run.err().contains("mended before it tells of models"), run.err());
  }
}
