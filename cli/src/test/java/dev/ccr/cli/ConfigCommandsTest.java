package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
  private Path folder = Path.of("unset");
  private Path file = Path.of("unset");
  private Map<String, String> env = Map.of();

  @BeforeEach
  void home() {
    env = Map.of("HOME", home.toString(), "USERPROFILE", home.toString());
    folder = home.resolve(".claude-code-router");
    file = folder.resolve("config.json");
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
    Config config = read();
    assertEquals("openrouter", config.providers().get(0).provider().name());
    assertEquals(KEY, config.providers().get(0).apiKey().reveal());
    assertEquals(
        "https://openrouter.ai/api/v1/chat/completions",
        config.providers().get(0).provider().url().toString());
    assertEquals("{DEFAULT=openrouter,z-ai/glm-5}", config.routes().targets().toString());
    assertEquals(CLIENT_KEY, config.server().apiKey().reveal());
    assertEquals(List.of(), config.warnings());
    assertOwnersAlone(file, "rw-------");
    assertOwnersAlone(folder, "rwx------");
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
    write("{\"old\": 1}");
    Run refused = Run.withInput("\n", env, "config", "init");
    assertEquals(1, refused.code());
    assertTrue(refused.out().endsWith("Nothing was changed.\n"), refused.out());
    assertEquals("{\"old\": 1}", Files.readString(file));

    Run agreed = Run.withInput("y\nollama\n\n\nqwen3\n\n", env, "config", "init");
    assertEquals(0, agreed.code(), agreed.err());
    Path copy = file.resolveSibling("config.json.bak");
    assertEquals("{\"old\": 1}", Files.readString(copy));
    assertOwnersAlone(copy, "rw-------");
    assertEquals("ollama", read().providers().get(0).provider().name());
    assertEquals(List.of("config.json", "config.json.bak"), names(folder));

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

  // show

  @Test
  void showMasksKeysAndSaysWhatIsSet() throws IOException {
    write(
        """
        {"PORT": 7000, "APIKEY": "short", "Providers": [
          {"name": "a", "api_base_url": "https://a.example/v1/chat/completions?key=hidden",
           "api_key": "%s", "models": ["m1", "m2"]},
          {"name": "b", "api_base_url": "http://localhost/v1/messages", "api_key": ""}],
         "Router": {"default": "a,m1", "think": "b,x"}}
        """
            .formatted(KEY));
    Run run = Run.of(env, "config", "show");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        """
          Host           : 127.0.0.1
          Port           : 7000
          API Key        : *****
          Config Path    : %s
        Providers:
          - a
            API Base URL : https://a.example/v1/chat/completions?***
            API Key      : sk-o*cdef
            Models       : m1, m2
          - b
            API Base URL : http://localhost/v1/messages
            API Key      : (not set)
        Router:
          default        : a,m1
          think          : b,x
        """
            .formatted(file),
        run.out());
  }

  @Test
  void showLeavesNothingOutThatIsSet() throws IOException {
    write(
        """
        {"LOG_LEVEL": "warn", "errors": "claude", "API_TIMEOUT_MS": 1500,
         "STREAM_IDLE_TIMEOUT_MS": 9000, "PROXY_URL": "http://u:hidden@proxy.example:3128",
         "Providers": [
          {"name": "a", "api_base_url": "http://localhost/v1/chat/completions", "api_key": "",
           "profile": "deepseek", "model_whitelist": ["m", "n"],
           "max_output_tokens": {"m2": 16384, "": 32000}},
          {"name": "b", "api_base_url": "https://b.example/v1/chat/completions", "api_key": ""}],
         "Router": {
           "default": "a,m1", "longContextThreshold": 90000, "thinkEfforts": ["max", "high"],
           "rules": [{"name": "r", "model": "*opus*", "tool": "web*", "header": {"X-Team": "b*"},
                      "minTokens": 5, "maxTokens": 7, "to": "a,m2"}, {"to": "a,m3"}],
           "fallback": {"default": ["a,m4", "a,m5"]}}}
        """);
    Run run = Run.of(env, "config", "show");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        """
          Host           : 127.0.0.1
          Port           : 6970
          API Key        : (not set)
          Config Path    : %s
          Log Level      : warn
          Errors         : claude
          API Timeout    : 1500 ms
          Stream Timeout : 9000 ms
          Proxy URL      : http://proxy.example:3128
        Providers:
          - a
            API Base URL : http://localhost/v1/chat/completions
            API Key      : (not set)
            Profile      : deepseek
            Whitelist    : m, n
            Max Output   : 32000, m2 16384
            Proxy        : direct
          - b
            API Base URL : https://b.example/v1/chat/completions
            API Key      : (not set)
            Proxy        : http://proxy.example:3128 (PROXY_URL)
        Router:
          default        : a,m1
          longContextThreshold: 90000
          thinkEfforts   : high, max
          rule r         : a,m2 if model *opus* and tool web* and x-team: b* and at least 5 tokens\
         and at most 7 tokens
          rule rules[1]  : a,m3
          fallback default: a,m4 then a,m5
        """
            .formatted(file),
        run.out());
  }

  @Test
  void showTellsOfClientsWithoutTheirKeys() throws IOException {
    write(
        """
        {"CLIENT_KEYS": [
           {"name": "alice", "key": "ccr-a-long-random-text-of-hers", "models": ["*x", "a,*"],
            "expires": "2099-01-31", "requestsPerMinute": 6, "tokensPerMinute": 7,
            "concurrent": 8},
           {"name": "bob", "sha256": "%s"}],
         "Providers": [{"name": "a", "api_base_url": "http://localhost/", "api_key": ""}],
         "Router": {"default": "a,m1"}}
        """
            .formatted("ab".repeat(32)));
    Run run = Run.of(env, "config", "show");
    assertEquals(0, run.code(), run.err());
    assertTrue(
        run.out()
            .contains(
                """
                Client Keys:
                  - alice
                    Key          : ccr-*hers
                    Models       : *x a,*
                    Expires      : 2099-02-01T00:00:00Z
                    Requests/min : 6
                    Tokens/min   : 7
                    Concurrent   : 8
                  - bob
                    Key          : sha256 %s
                """
                    .formatted("ab".repeat(32))),
        run.out());
  }

  @Test
  void showWithoutAConfigurationIsANoticeOnly() {
    Run run = Run.of(env, "config", "show");
    assertEquals(0, run.code());
    assertEquals("No configuration: " + file + ". Run: ccr config init\n", run.out());
  }

  @Test
  void showOfABadConfigurationSaysWhatIsWrong() throws IOException {
    write("{}");
    Run run = Run.of(env, "config", "show");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("Providers: missing"), run.err());
  }

  // validate

  @Test
  void validatePrintsEverythingAtOnce() throws IOException {
    write(
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
  void validateWantsADefaultAndSaysSoOnce(String more, String place) throws IOException {
    write(providers(more));
    assertEquals(
        new Run(
            1,
            place.strip()
                + " Router.default: missing: only requests for provider,model or for a listed"
                + " name are answered\n",
            ""),
        Run.of(env, "config", "validate"));
  }

  @Test
  void validateSaysThatAllIsWellWithoutColoursInAPipe() throws IOException {
    write(providers("\"Router\": {\"default\": \"p,m\"}"));
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
    assertOwnersAlone(file, "rw-------");
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
    write("{}");
    assertEquals(new Run(0, file + "\n", ""), Run.of(env, "config", "path"));
    assertEquals(1, Run.of(Map.of("CCR_CONFIG_PATH", "a\0b"), "config", "path").code());
  }

  // migrate

  private static final String FOREIGN =
      """
      { // of another router
        "LOG": true, "PORT": "3456", "APIKEY": "client-key",
        "providers": [{"name": "ds", "api_base_url": "https://api.deepseek.com/chat/completions",
                       "api_key": "key-of-ds", "models": ["deepseek-v4"],
                       "transformer": {"use": ["deepseek"]}}],
        "Router": {"default": "ds,deepseek-v4", "longContextThreshold": 90000},
      }
      """;

  private static final String DOCUMENTED =
      """
      {
        "HOST": "127.0.0.1",
        "PORT": 3456,
        "APIKEY": "client-key",
        "Providers": [ {
          "name": "ds",
          "api_base_url": "https://api.deepseek.com/chat/completions",
          "api_key": "key-of-ds",
          "models": [ "deepseek-v4" ]
        } ],
        "Router": {
          "default": "ds,deepseek-v4",
          "longContextThreshold": 90000
        }
      }
      """;

  @Test
  void migratePrintsTheDocumentedFormAndChangesNothing() throws IOException {
    Path foreign = Files.writeString(home.resolve("other.json"), FOREIGN);
    Map<String, String> overridden = new HashMap<>(env);
    overridden.put("CCR_PORT", "1");
    Run run = Run.of(overridden, "config", "migrate", foreign.toString());
    assertEquals(0, run.code(), run.err());
    assertEquals(DOCUMENTED, run.out());
    assertTrue(run.err().contains("warning: other.json:2: LOG: "), run.err());
    assertEquals(FOREIGN, Files.readString(foreign));
    assertFalse(Files.exists(file));
  }

  @Test
  void migrateWritesWhereTheRouterLooksAndKeepsACopy() throws Exception {
    write(FOREIGN);
    Run run = Run.of(env, "config", "migrate", "--write");
    assertEquals(0, run.code(), run.err());
    assertEquals(DOCUMENTED, Files.readString(file));
    assertEquals(FOREIGN, Files.readString(file.resolveSibling("config.json.bak")));
    assertOwnersAlone(file, "rw-------");
    assertFalse(run.out().contains("key-of-ds"), "what is written is not printed");
    assertFalse(run.out().contains("Restart"), "the file is where it was");
  }

  @Test
  void migrateOfAForeignFileLeavesItAlone() throws Exception {
    Path foreign = Files.writeString(home.resolve("other.json"), FOREIGN);
    assertEquals(0, Run.of(env, "config", "migrate", "-w", foreign.toString()).code());
    assertEquals(DOCUMENTED, Files.readString(file));
    assertEquals(FOREIGN, Files.readString(foreign));
    assertEquals(List.of("config.json"), names(folder));
  }

  @Test
  void migrateOfAYamlNameWritesJsonBesideIt() throws Exception {
    Path yaml = Files.writeString(home.resolve("ccr.yaml"), DOCUMENTED); // JSON is YAML
    Map<String, String> named = Map.of("CCR_CONFIG_PATH", yaml.toString());
    Run run = Run.of(named, "config", "migrate", "--write");
    assertEquals(0, run.code(), run.err());
    assertEquals(DOCUMENTED, Files.readString(home.resolve("ccr.json")));
    assertTrue(run.out().contains("CCR_CONFIG_PATH still names " + yaml), run.out());
    assertTrue(run.out().contains("Restart the router if it runs"), run.out());
  }

  @Test
  void migrateKeepsReferencesToKeysAndPutsTheYamlAside() throws Exception {
    Files.createDirectories(folder);
    Path key = Files.writeString(home.resolve("key-of-box"), "secret-of-box\n");
    Path yaml =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            providers:
              - {name: ds, url: "https://api.deepseek.com/chat/completions", api_key: "${DS_KEY}"}
              - {name: box, url: "http://localhost/", api_key: "file:%s"}
            router: {default: "ds,m"}
            """
                .formatted(key.toString().replace('\\', '/')));
    Map<String, String> withKey = new HashMap<>(env);
    withKey.put("DS_KEY", "key-of-ds");
    Run run = Run.of(withKey, "config", "migrate", "--write");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("it goes on looking for " + yaml + "\n"), run.out());
    String written = Files.readString(file);
    assertTrue(written.contains("\"api_key\": \"${DS_KEY}\""), written);
    assertTrue(written.contains("\"api_key\": \"file:"), written);
    assertFalse(written.contains("key-of-ds") || written.contains("secret-of-box"), written);
    assertEquals(List.of("config.json", "config.yaml.bak"), names(folder));
    assertOwnersAlone(folder.resolve("config.yaml.bak"), "rw-------");
    assertFalse(Files.exists(yaml));
    assertEquals(0, Run.of(withKey, "config", "validate").code());
  }

  @Test
  void migrateOfABadFileSaysWhatIsWrong() {
    Run run = Run.of(env, "config", "migrate", home.resolve("none.json").toString());
    assertEquals(1, run.code());
    assertTrue(run.err().contains("none.json: no such file"), run.err());
    assertEquals("", run.out());
  }

  private void write(String text) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(file, text);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private Config read() throws ConfigException {
    return ConfigReader.read(file, env);
  }

  private static String providers(String more) {
    return """
        {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
        """
        + more
        + "}";
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertOwnersAlone(Path path, String permissions) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertEquals(
          permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
  }

  @Test
  void aKeyIsShownOnceAndItsEntryLetsItIn() throws Exception {
    Run run = Run.of(Map.of(), "config", "key", "al\"ice");
    assertEquals(0, run.code());
    List<String> lines = run.out().lines().toList();
    assertEquals(4, lines.size(), run.out());
    String key = lines.get(1);
    assertTrue(key.matches("ccr-[A-Za-z0-9_-]{43}"), key);
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"CLIENT_KEYS": [%s], "Router": {"default": "p,m"},
             "Providers": [{"name": "p", "api_base_url": "http://h", "api_key": ""}]}
            """
                .formatted(lines.get(3)),
            Map.of());
    assertEquals(List.of(), config.warnings());
    assertEquals("al\"ice", config.server().clientKeys().getFirst().client().name());
    assertEquals(Secret.of(key).sha256(), config.server().clientKeys().getFirst().sha256());
    assertFalse(lines.get(3).contains(key.substring(4)), "the entry holds no key");
    assertNotEquals(run.out(), Run.of(Map.of(), "config", "key", "al\"ice").out());
  }
}
