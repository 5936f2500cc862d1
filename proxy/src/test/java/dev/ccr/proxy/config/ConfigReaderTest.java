package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {
  private static final String PROVIDERS =
      """
      "Providers": [{"name": "p", "api_base_url": "https://p.example/v1", "api_key": "k"}],
      "Router": {"default": "p,m"}
      """;

  @Test
  void theDocumentedFileLoadsAsItIs() throws Exception {
    Config config = ConfigReader.parse("config.json", resource("spec.json"), Map.of());

    assertEquals(
        new Config(
            Path.of("config.json"),
            new Server("127.0.0.1", 6970, Secret.of("your-router-api-key-optional")),
            List.of(),
            List.of(
                new ProviderConfig(
                    new Provider(
                        "openrouter",
                        URI.create("https://openrouter.ai/api/v1/chat/completions"),
                        List.of("anthropic/claude-3.5-sonnet")),
                    Secret.of("your-provider-api-key"))),
            Routes.of(
                Map.of(
                    Scenario.DEFAULT,
                    new ModelRef("openrouter", "anthropic/claude-3.5-sonnet"),
                    Scenario.THINK,
                    new ModelRef("openrouter", "anthropic/claude-3.5-sonnet"),
                    Scenario.LONG_CONTEXT,
                    new ModelRef("openrouter", "anthropic/claude-3.5-sonnet-20241022"),
                    Scenario.BACKGROUND,
                    new ModelRef("openrouter", "anthropic/claude-3.5-haiku"),
                    Scenario.WEB_SEARCH,
                    new ModelRef("openrouter", "perplexity/llama-3.1-sonar-large-128k-online"))),
            Defaults.LIMITS,
            Defaults.LIVENESS,
            Defaults.RETRY,
            Defaults.CIRCUIT,
            ErrorStyle.RAW,
            null,
            ProxyVariables.NONE,
            TlsFiles.NONE,
            LogLevel.INFO,
            "",
            List.of()),
        config);
  }

  @Test
  void aFileOfTheTypeScriptRouterLoadsAndSaysWhatHasNoEffect() throws Exception {
    Config config =
        ConfigReader.parse("config.json", resource("typescript.json"), SampleFiles.ENV);

    assertEquals(Duration.ofMinutes(15), config.limits().firstByte());
    assertEquals(new ModelRef("g", "gemini-3-pro"), config.routes().target(Scenario.LONG_CONTEXT));
    assertNull(config.routes().target(Scenario.THINK), "front ends write unset routes as empty strings");
    assertEquals(
        List.of(
            "config.json: PORT: missing: 6970, where the TypeScript router takes 3456",
            "config.json:2: LOG: not supported yet: ignored",
            "config.json:12: Providers[0].transformer.deepseek-v4.use[0]: \"enhancetool\": no"
                + " effect: arguments of tools are handed on as they come",
            "config.json:15: Providers[1].api_base_url: Gemini's generateContent is not spoken yet:"
                + " requests go to https://generativelanguage.googleapis.com/v1beta/openai/chat/"
                + "completions, where the same key and models are good"),
        config.warnings());
  }

  @Test
  void keysMatchRegardlessOfCase() throws Exception {
    Config config =
        parse(
            """
            {"host": "localhost", "Port": 8080, "ApiKey": "k", "log_level": "WARN",
             "providers": [{"Name": "p", "API_BASE_URL": "http://h:1/", "Api_Key": "k"}],
             "ROUTER": {"Default": "P,m", "longcontext": "p,l"}}
            """);

    assertEquals(new Server("localhost", 8080, Secret.of("k")), config.server());
    assertEquals(LogLevel.WARN, config.logLevel());
    assertEquals(new ModelRef("P", "m"), config.routes().target(Scenario.DEFAULT));
    assertEquals(new ModelRef("p", "l"), config.routes().target(Scenario.LONG_CONTEXT));
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void providersAreFoundRegardlessOfCase() throws Exception {
    Config config = parse("{" + PROVIDERS + "}");
    assertSame(config.providers().get(0), config.provider("P"));
    assertNull(config.provider("q"));
  }

  @Test
  void unknownKeysAreWarningsThatNameTheNearestKnownOne() throws Exception {
    Config config =
        parse(
            """
            {"Routr": {"default": 7},
             "my_own\\nkey": [{"deep": "x"}],
             "Providers": [{"name": "p", "api_base_url": "https://p.example", "api_key": "",
               "model": ["m"]}],
             "Router": {"longContex": "p,m"}}
            """);

    assertEquals(
        List.of(
            "config.json:1: Routr: unknown key (nearest: Router)",
            "config.json:2: my_own\\u000akey: unknown key",
            "config.json:4: Providers[0].model: unknown key (nearest: models)",
            "config.json:5: Router.longContex: unknown key (nearest: longContext)",
            "config.json:5: Router.default: missing: only requests for provider,model or for a"
                + " listed name are answered"),
        config.warnings());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"Router\": null,",
        "\"Router\": {},",
        "\"Router\": {\"default\": \"\"},",
        "\"Router\": {\"think\": \"p,m\"},"
      })
  void missingDefaultRouteIsAWarning(String router) throws Exception {
    Config config =
        parse(
            "{" + router + "\"Providers\":[{\"name\":\"p\",\"api_base_url\":\"http://h\","
                + "\"api_key\":\"\"}]}");
    assertNull(config.routes().target(Scenario.DEFAULT));
    assertEquals(1, config.warnings().size());
    assertTrue(config.warnings().get(0).contains("Router.default: missing"), "the warning");
  }

  @ParameterizedTest
  @CsvSource({"0, 6970", "1, 1", "65535, 65535", "'\"3456\"', 3456", "null, 6970"})
  void portZeroInTheFileIsTheDefault(String port, int expected) throws Exception {
    assertEquals(expected, parse("{\"PORT\": " + port + "," + PROVIDERS + "}").server().port());
  }

  @Test
  void variablesOverrideTheFile() throws Exception {
    String file =
        "{\"HOST\": \"localhost\", \"PORT\": 1, \"LOG_LEVEL\": \"error\"," + PROVIDERS + "}";
    Map<String, String> env =
        Map.of("CCR_HOST", "127.0.0.2", "CCR_PORT", "0", "CCR_LOG_LEVEL", "debug");

    Config config = ConfigReader.parse("config.json", file, env);
    assertEquals("127.0.0.2", config.server().host());
    assertEquals(0, config.server().port(), "any free port");
    assertEquals(LogLevel.DEBUG, config.logLevel());
  }

  @Test
  void emptyVariablesOverrideNothing() throws Exception {
    Map<String, String> env = Map.of("CCR_HOST", "", "CCR_PORT", "", "CCR_LOG_LEVEL", "");
    Config config = ConfigReader.parse("config.json", "{\"PORT\": 7," + PROVIDERS + "}", env);
    assertEquals(new Server("127.0.0.1", 7, Secret.NONE), config.server());
  }

  @Test
  void variableMayMakeAnExposedHostSafe() throws Exception {
    String file = "{\"HOST\": \"0.0.0.0\"," + PROVIDERS + "}";
    Config config = ConfigReader.parse("config.json", file, Map.of("CCR_HOST", "127.0.0.1"));
    assertTrue(config.server().isLoopback());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.255.0.9", "::1", "[::1]", "0::0:1"})
  void loopbackHostNeedsNoKey(String host) throws Exception {
    assertEquals(host, parse("{\"HOST\": \"" + host + "\"," + PROVIDERS + "}").server().host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "::", "10.0.0.5", "example.com", "127.0.0.1.x.com", "localhost.evil"})
  void anyOtherHostNeedsAKey(String host) throws Exception {
    String text = "{\"HOST\": \"" + host + "\",%s" + PROVIDERS + "}";
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(text.formatted("\"APIKEY\": \"\",")));
    assertEquals(
        List.of(
            "config.json:1: HOST: \"" + host + "\" (expected: a loopback address, or an APIKEY,"
                + " because anybody who reaches this port could spend your providers' keys)"),
        e.problems());
    assertNotNull(parse(text.formatted("\"APIKEY\": \"k\",")));
  }

  /** As front ends write what is not set, and as other routers take zeros. */
  @Test
  void emptyAndZeroValuesAreDefaults() throws Exception {
    Config config =
        parse(
            "{\"HOST\": \"\", \"PORT\": \"\", \"LOG_LEVEL\": \"\", \"API_TIMEOUT_MS\": \"\","
                + "\"STREAM_IDLE_TIMEOUT_MS\": 0, \"PROXY_URL\": \"\","
                + PROVIDERS.replace(
                    "\"default\"", "\"longContextThreshold\": 0, \"image\": \"\", \"default\"")
                + "}");
    assertEquals(new Server(Defaults.HOST, Defaults.PORT, Secret.NONE), config.server());
    assertEquals(Defaults.LOG_LEVEL, config.logLevel());
    assertEquals(Defaults.LIMITS, config.limits());
    assertEquals(Routes.LONG_CONTEXT_THRESHOLD, config.routes().longContextThreshold());
  }

  @Test
  void commentsTrailingCommasAndAByteOrderMarkAreFine() throws Exception {
    Config config =
        parse("\uFEFF// who\n{/* where */ \"PORT\": 5, // all\n" + PROVIDERS + ",}\n// end\n");
    assertEquals(5, config.server().port());
  }

  private static Config parse(String text) throws ConfigException {
    return ConfigReader.parse("config.json", text, Map.of());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ConfigReaderTest.class.getResourceAsStream("/config/" + name)) {
      assertNotNull(in, name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
