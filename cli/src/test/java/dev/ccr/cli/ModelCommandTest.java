package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelCommandTest {

  private static final String CONFIG =
      """
      {
        // mine
        "Providers": [
          {"name": "cloud", "api_base_url": "https://openrouter.ai/api/v1/chat/completions",
           "api_key": "sk-or-v1-0123456789", "models": ["glm-5", "glm-5-air"]},
          {"name": "local", "api_base_url": "http://127.0.0.1:8000/v1/chat/completions",
           "api_key": "", "model_whitelist": ["coder"]}],
        "Router": {
          "default": "cloud,glm-5", // for now
        },
      }
      """;

  private static final String THINKS =
      CONFIG.replace("\"default\"", "\"think\": \"local,coder\",\n    \"default\"");

  @TempDir private Path home = Path.of("unset");
  private Path file = Path.of("unset");
  private Map<String, String> env = Map.of();

  @BeforeEach
  void config() throws IOException {
    file = Files.writeString(home.resolve("config.json"), CONFIG);
    env = Map.of("CCR_CONFIG_PATH", file.toString(), "CCR_HOST", "0.0.0.0");
  }

  @ParameterizedTest
  @CsvSource({"think", "THINK"})
  void onlyTheChosenRouteChangesInTheFile(String route) throws IOException {
    Run run = Run.of(env, "model", route, "local,coder");
    assertEquals("", run.err());
    assertEquals(
        """
        Router.think is local,coder now, in %1$s (it was not set)
        """
            .formatted(file),
        run.out());
    assertEquals(0, run.code());
    assertEquals(THINKS, Files.readString(file));
  }

  @Test
  void aRouteCanBeTakenBack() throws IOException {
    Files.writeString(file, THINKS);
    assertEquals(0, Run.of(env, "model", "think", "none").code());
    assertEquals(THINKS.replace("\"local,coder\"", "\"\""), Files.readString(file));
  }

  @Test
  void whatIsSoAlreadyIsNotWritten() throws IOException {
    Run run = Run.of(env, "model", "default", "cloud,glm-5");
    assertEquals("Router.default is cloud,glm-5 already. Nothing was changed.\n", run.out());
    assertEquals(0, run.code());
    assertEquals(List.of("config.json"), files());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "think nobody,x      | 1 | Router.think: \"nobody,x\" (expected: a configured provider)",
        "think local,llama   | 1 | (expected: a model that the provider's model_whitelist allows)",
        "think glm-5         | 1 | Router.think: \"glm-5\" (expected: provider,model)",
        "thinking cloud,x    | 2 | thinking (expected: one of default, think, longContext,",
        "think cloud,x more  | 2 | Unmatched argument at index 3: 'more'",
      })
  void aModelThatCannotBeUsedChangesNothing(String arguments, int code, String message)
      throws IOException {
    Run run = Run.of(env, ("model " + arguments).split(" ", -1));
    assertEquals(code, run.code());
    assertTrue(run.err().contains(message), run.err());
    assertEquals(CONFIG, Files.readString(file));
    assertEquals(List.of("config.json"), files());
  }

  @Test
  void yamlIsChangedInItsPlaceToo() throws IOException {
    Path yaml =
        Files.writeString(
            home.resolve("config.yaml"),
            "providers: # mine\n  ollama: {url: 'http://localhost/', api_key: ''}\n");
    Run run = Run.of(Map.of("CCR_CONFIG_PATH", yaml.toString()), "model", "default", "ollama,q");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        """
        providers: # mine
          ollama: {url: 'http://localhost/', api_key: ''}
        Router:
          default: "ollama,q"
        """,
        Files.readString(yaml));
  }

  @Test
  void withoutAConfigurationThereIsNothingToChoose() throws IOException {
    Files.delete(file);
    Run run = Run.of(env, "model", "default", "p,m");
    assertEquals(1, run.code());
    assertTrue(run.err().endsWith("Make one first: ccr config init\n"), run.err());
  }

  @Test
  void aPipeAnswersALineEach() throws IOException {
    Run run = Run.withInput("2\nlocal,coder\n", env, "model");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        """
          1  default      cloud,glm-5
          2  think        none
          3  longContext  none
          4  background   none
          5  webSearch    none
          6  image        none
        Which route [1]:\s
          1  cloud,glm-5  default
          2  cloud,glm-5-air
        Model for think, a number, provider,model or none [none]:\s
        Router.think is local,coder now, in %1$s (it was not set)
        """
            .formatted(file),
        run.out());
    assertEquals(THINKS, Files.readString(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7         | 7 (expected: a number, 1 to 6, or a name)",
        "2/3       | 3 (expected: a number of the list, provider,model or none)",
        "2/nobody,x| Router.think: \"nobody,x\" (expected: a configured provider)",
        "2         | the input has ended: nothing was written",
      })
  void aBadAnswerFromAPipeIsTheEnd(String answers, String message) throws IOException {
    Run run = Run.withInput(answers.replace('/', '\n') + "\n", env, "model");
    assertEquals(1, run.code());
    assertEquals(message + "\n", run.err());
    assertEquals(CONFIG, Files.readString(file));
  }

  @Test
  @Timeout(60)
  void onATerminalABadAnswerIsAskedForAgain() throws Exception {
    assumeTrue(Terminal.isThere(), "script(1) is not installed");
    Run run = Terminal.type("nothing\nthink\nnobody,x\n2\n", env, "model");
    assertEquals(0, run.code(), run.out());
    assertTrue(run.out().contains("nothing (expected: a number, 1 to 6, or a name)"), run.out());
    assertTrue(
        run.out().contains("Router.think: \"nobody,x\" (expected: a configured provider"),
        run.out());
    assertTrue(run.out().contains("Router.think is cloud,glm-5-air now"), run.out());
    assertEquals(
        THINKS.replace("local,coder", "cloud,glm-5-air"), Files.readString(file));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
