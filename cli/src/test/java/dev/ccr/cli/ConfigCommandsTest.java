package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ccr.proxy.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ccr config ...} as a user sees it, on a real file system. */
final class ConfigCommandsTest {

  private static final String KEY = "sk-or-v1-0123456789abcdef";
  private static final String CLIENT_KEY = "client-key-0123456789";

  @TempDir private Path home = Path.of("unset");
  private ConfigHome place = new ConfigHome(home);
  private Path folder = Path.of("unset");
  private Path file = Path.of("unset");
  private Map<String, String> env = Map.of();

  @BeforeEach
  void home() {
    place = new ConfigHome(home);
    env = place.env();
    folder = place.folder();
    file = place.file();
  }

  // init

  @Test
  void initWritesWhatAPipeAnswersForItsOwnerAlone() throws Exception {
    Run run =
        Run.withInput(
            "openrouter\n" + KEY + "\n\nz-ai/glm-5\n" + CLIENT_KEY + "\n", env, "config", "init");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        """
        Provider name [openrouter]:\s
        API key:\s
        API base URL [https://openrouter.ai/api/v1/chat/completions]:\s
        Default model:\s
        Router API key, for clients (optional):\s
        The configuration is %s
        Next: ccr start
        """
            .formatted(file),
        run.out());
    Config config = place.read();
    assertEquals("openrouter", config.providers().get(0).provider().name());
    assertEquals(KEY, config.providers().get(0).apiKey().reveal());
    assertEquals(
        "https://openrouter.ai/api/v1/chat/completions",
        config.providers().get(0).provider().url().toString());
    assertEquals("{DEFAULT=openrouter,z-ai/glm-5}", config.routes().targets().toString());
    assertEquals(CLIENT_KEY, config.server().apiKey().reveal());
    assertEquals(List.of(), config.warnings());
    ConfigHome.assertOwnersAlone(file, "rw-------");
    ConfigHome.assertOwnersAlone(folder, "rwx------");
    assertEquals(0, Run.of(env, "config", "validate").code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,b                      | Providers[0].name: \"a,b\" (expected: ",
        "box/k\u00e4y             | Providers[0].api_key: *** (expected: ",
        "box/k                    | Providers[0].api_base_url: \"\" (expected: ",
        "box/k/ftp://x            | Providers[0].api_base_url: \"ftp://x\" (expected: ",
        "openai/k//               | Router.default: \"openai,\" (expected: provider,model",
        "openai/k//m/k\u00e4y     | APIKEY: *** (expected: printable ASCII",
        "openai/k/                | the input has ended: nothing was written",
        "openai/k//m              | the input has ended: nothing was written",
      })
  void initRefusesBadAnswersAndWritesNothing(String answers, String message) {
    String input = answers.replace("ftp://", "ftp:").replace('/', '\n').replace("ftp:", "ftp://");
    String rest = message.startsWith("the") ? "" : "\n\n";
    Run run = Run.withInput(input + rest, env, "config", "init");
    assertEquals(1, run.code(), run.out());
    assertTrue(run.err().contains(message), run.err());
    assertFalse((run.out() + run.err()).contains("k\u00e4y"), "keys are never shown");
    assertFalse(Files.exists(file));
  }

  @Test
  void initReplacesNothingWithoutLeaveAndKeepsACopy() throws Exception {
    place.write("{\"old\": 1}");
    Run refused = Run.withInput("\n", env, "config", "init");
    assertEquals(1, refused.code());
    assertTrue(refused.out().endsWith("Nothing was changed.\n"), refused.out());
    assertEquals("{\"old\": 1}", Files.readString(file));

    Run agreed = Run.withInput("y\nollama\n\n\nqwen3\n\n", env, "config", "init");
    assertEquals(0, agreed.code(), agreed.err());
    Path copy = file.resolveSibling("config.json.bak");
    assertEquals("{\"old\": 1}", Files.readString(copy));
    ConfigHome.assertOwnersAlone(copy, "rw-------");
    assertEquals("ollama", place.read().providers().get(0).provider().name());
    assertEquals(List.of("config.json", "config.json.bak"), ConfigHome.names(folder));

    assertEquals(
        0, Run.withInput("yes\nollama\n\n\nqwen3\n\n", env, "config", "init").code());
    assertTrue(Files.exists(file.resolveSibling("config.json.bak2")), "no copy is overwritten");
  }

  @Test
  void initDoesNotMindVariablesThatOverrideTheFile() {
    Map<String, String> open = new HashMap<>(env);
    open.put("CCR_HOST", "0.0.0.0");
    assertEquals(0, Run.withInput("ollama\n\n\nm\n\n", open, "config", "init").code());
  }

  // validate

  @Test
  void validatePrintsEverythingAtOnce() throws IOException {
    place.write(
        """
        {"Prt": 1,
         "HOST": 7,
         "Providers": [{"name": "a", "api_base_url": "x", "api_key": "k"}],
         "Router": {"default": "b,m"}}
        """);
    Run run = Run.of(env, "config", "validate");
    assertEquals(1, run.code());
    assertEquals("", run.err());
    for (String part :
        List.of(
            "warning: config.json:1: Prt: unknown key (nearest: PORT)\n",
            "config.json:2: HOST: 7 (expected: a string)\n",
            "config.json:3: Providers[0].api_base_url: \"x\" (expected: ",
            "config.json:4: Router.default: \"b,m\" (expected: ")) {
      assertTrue(run.out().contains(part), run.out());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"Router\": {}               | config.json:2: ",
        "\"Router\": {\"default\": \"\"} | config.json:2: ",
        "\"PORT\": 1                  | 'config.json: '",
      })
  void validateWantsADefaultAndSaysSoOnce(String more, String line) throws IOException {
    place.write(ConfigHome.providers(more));
    assertEquals(
        new Run(
            1,
            line.strip()
                + " Router.default: missing: only requests for provider,model or for a listed"
                + " name are answered\n",
            ""),
        Run.of(env, "config", "validate"));
  }

  @Test
  void validateSaysThatAllIsWellWithoutColoursInAPipe() throws IOException {
    place.write(ConfigHome.providers("\"Router\": {\"default\": \"p,m\"}"));
    assertEquals(new Run(0, "Configuration is valid!\n", ""), Run.of(env, "config", "validate"));
  }

  @Test
  void validateOfNothingSaysSo() {
    Run run = Run.of(env, "config", "validate");
    assertEquals(1, run.code());
    assertTrue(run.out().contains("no such file"), run.out());
  }

  // generate and path

  @Test
  void generateWritesAnExampleThatIsValidAndDoesNotReplaceUnasked() throws Exception {
    Run run = Run.of(env, "config", "generate");
    assertEquals(0, run.code(), run.err());
    assertTrue(Files.readString(file).contains("// "), "it has comments");
    ConfigHome.assertOwnersAlone(file, "rw-------");
    assertEquals(
        new Run(0, "Configuration is valid!\n", ""), Run.of(env, "config", "validate"));

    Files.writeString(file, "mine");
    Run again = Run.of(env, "config", "generate");
    assertEquals(1, again.code());
    assertTrue(
        again.err().contains("config.json: exists (expected: no file, or --force"), again.err());
    assertEquals("mine", Files.readString(file));

    assertEquals(0, Run.of(env, "config", "generate", "--force").code());
    assertEquals("mine", Files.readString(file.resolveSibling("config.json.bak")));
  }

  @ParameterizedTest
  @CsvSource({"init", "generate", "generate --force"})
  void jsonIsNotWrittenUnderANameOfYaml(String command) {
    Path yaml = home.resolve("ccr.yaml");
    Run run =
        Run.withInput(
            "y\nollama\n\n\nm\n\n",
            Map.of("CCR_CONFIG_PATH", yaml.toString()),
            ("config " + command).split(" ", -1));
    assertEquals(1, run.code());
    assertTrue(run.err().contains("ccr.yaml: YAML (expected: "), run.err());
    assertFalse(Files.exists(yaml));
  }

  @Test
  void aLinkStaysALinkWhenWhatItLeadsToIsReplaced() throws Exception {
    Path real = Files.createDirectory(home.resolve("dotfiles")).resolve("ccr.json");
    Files.writeString(real, "old");
    Files.createDirectory(folder);
    try {
      Files.createSymbolicLink(file, real);
    } catch (UnsupportedOperationException | IOException e) {
      assumeTrue(false, "no symbolic links here");
    }
    assertEquals(0, Run.of(env, "config", "generate", "--force").code());
    assertTrue(Files.isSymbolicLink(file));
    assertTrue(Files.readString(real).contains("Providers"));
  }

  @Test
  void pathSaysWhereTheFileIsLookedFor() throws IOException {
    assertEquals(
        new Run(0, file + "\n", "no such file; ccr config init makes it\n"),
        Run.of(env, "config", "path"));
    place.write("{}");
    assertEquals(new Run(0, file + "\n", ""), Run.of(env, "config", "path"));
    assertEquals(1, Run.of(Map.of("CCR_CONFIG_PATH", "a\0b"), "config", "path").code());
  }
}
