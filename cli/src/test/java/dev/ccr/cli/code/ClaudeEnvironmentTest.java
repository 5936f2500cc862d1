package dev.ccr.cli.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.route.RequestScan;
import dev.ccr.proxy.route.Router;
import dev.ccr.proxy.route.Tokens;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClaudeEnvironmentTest {

  private static final String KEY = "sk-client-\"0123'456\\789";
  private static final String LOOPBACK = "127.0.0.1,localhost,::1,[::1]";
  private static final RouterUrl ROUTER = new RouterUrl("127.0.0.1", 6970);
  private static final String PLAIN = "";
  private static final String BACKGROUND = "background";

  private static Config config(String more) throws Exception {
    return ConfigReader.parse(
        "config.json",
        """
        {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
         %s}
        """
            .formatted(
                switch (more) {
                  case PLAIN -> "\"Router\": {\"default\": \"p,usual\"}";
                  case BACKGROUND ->
                      "\"Router\": {\"default\": \"p,usual\", \"background\": \"p,small\"}";
                  default -> more;
                }),
        Map.of());
  }

  /** A variable, whatever else is so, and what it then is; {@code null} for not set. */
  record Case(String config, Map<String, String> env, String name, String value) {}

  static List<Case> cases() {
    String base = "ANTHROPIC_BASE_URL";
    String token = "ANTHROPIC_AUTH_TOKEN";
    String timeout = "API_TIMEOUT_MS";
    String discovery = "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY";
    String haiku = "ANTHROPIC_DEFAULT_HAIKU_MODEL";
    String small = "ANTHROPIC_SMALL_FAST_MODEL";
    String withKey = "\"APIKEY\": \"sk-client-\\\"0123'456\\\\789\"";
    String hashed = "\"CLIENT_KEYS\": [{\"name\": \"a\", \"sha256\": \"" + "ab".repeat(32) + "\"}";
    String plain =
        ", {\"name\": \"gone\", \"key\": \"of-gone-89012345678\", \"expires\": \"2020-01-01\"},"
            + " {\"name\": \"b\", \"key\": \"of-b-12345678901234567\"}]";
    String slow = "\"API_TIMEOUT_MS\": 900000";
    return List.of(
        new Case(PLAIN, Map.of(), base, "http://127.0.0.1:6970"),
        new Case(PLAIN, Map.of(base, "https://elsewhere.example"), base, "http://127.0.0.1:6970"),
        new Case(PLAIN, Map.of(), token, "ccr"),
        new Case(PLAIN, Map.of(token, "another"), token, "ccr"),
        new Case(withKey, Map.of(), token, KEY),
        new Case(hashed + "]", Map.of(), token, "ccr"),
        new Case(hashed + "]", Map.of(token, "mine"), token, "mine"),
        new Case(hashed + plain, Map.of(token, "mine"), token, "of-b-12345678901234567"),
        new Case(PLAIN, Map.of(), timeout, "600000"),
        new Case(slow, Map.of(), timeout, "900000"),
        new Case(slow, Map.of(timeout, "5"), timeout, "5"),
        new Case(slow, Map.of(timeout, ""), timeout, "900000"),
        new Case(PLAIN, Map.of(), discovery, "1"),
        new Case(PLAIN, Map.of(discovery, "0"), discovery, "0"),
        new Case(PLAIN, Map.of(), haiku, "(not set)"),
        new Case(BACKGROUND, Map.of(), haiku, "claude-haiku-4-5"),
        new Case(BACKGROUND, Map.of(haiku, "mine"), haiku, "mine"),
        new Case(BACKGROUND, Map.of(small, "mine"), haiku, "(not set)"),
        new Case(BACKGROUND, Map.of(small, "", haiku, ""), haiku, "claude-haiku-4-5"),
        new Case(PLAIN, Map.of("DISABLE_TELEMETRY", "1"), "DISABLE_TELEMETRY", "1"),
        new Case(PLAIN, Map.of("ANTHROPIC_MODEL", "opus"), "ANTHROPIC_MODEL", "opus"));
  }

  @Test
  void whatTheUsersSettingsSayOfProxiesIsKept() throws Exception {
    Map<String, String> env = Map.of("NO_PROXY", "a.example");
    List<ClaudeSettings> settings =
        List.of(
            ClaudeSettings.given("{\"env\": {\"NO_PROXY\": \"b.example\", \"no_proxy\": \"c.example\"}}"));
    ClaudeEnvironment claude =
        ClaudeEnvironment.of(config(PLAIN), NoProxy.withThoseOf(settings, env), ROUTER);
    assertEquals(
        "a.example,b.example,c.example," + LOOPBACK, claude.required().get("NO_PROXY"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theRouterIsSetAndTheUsersWishesAreKept(Case each) throws Exception {
    Map<String, String> env = new HashMap<>(each.env());
    ClaudeEnvironment.of(config(each.config()), each.env(), ROUTER).applyTo(env);
    assertEquals(each.value(), env.getOrDefault(each.name(), "(not set)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                        | ''                | 127.0.0.1   | " + LOOPBACK,
        "''                        | ''                | localhost   | " + LOOPBACK,
        "''                        | ''                | ::1         | " + LOOPBACK,
        "''                        | ''                | router.lan  | " + LOOPBACK + ",router.lan",
        "a.example                 | ''                | 127.0.0.1   | a.example," + LOOPBACK,
        "''                        | a.example         | 127.0.0.1   | a.example," + LOOPBACK,
        "'a.example, .b.example'   | 'B.example c.lan' | 127.0.0.1   | "
            + "a.example,.b.example,B.example,c.lan," + LOOPBACK,
        "LOCALHOST,a               | a,A,127.0.0.1     | 127.0.0.1   | "
            + "LOCALHOST,a,127.0.0.1,::1,[::1]",
        "*                         | ''                | 127.0.0.1   | *",
        "*                         | *                 | router.lan  | *",
      })
  void theListOfHostsWithoutAProxyIsTheUsersAndTheRouter(
      String upper, String lower, String host, String merged) throws Exception {
    Map<String, String> env = Map.of("NO_PROXY", upper, "no_proxy", lower);
    Map<String, String> set =
        ClaudeEnvironment.of(config(PLAIN), env, new RouterUrl(host, 6970)).set();
    assertEquals(merged, set.get("NO_PROXY"));
    assertEquals(merged, set.get("no_proxy"));
  }

  /** What would lead Claude Code past the router, and what has effects that nobody asked for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_UNIX_SOCKET",
        "CLAUDE_CODE_USE_ANTHROPIC_AWS",
        "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD",
        "CLAUDE_CODE_USE_BEDROCK",
        "CLAUDE_CODE_USE_FOUNDRY",
        "CLAUDE_CODE_USE_GATEWAY",
        "CLAUDE_CODE_USE_MANTLE",
        "CLAUDE_CODE_USE_VERTEX",
      })
  void whatLeadsElsewhereIsTakenOut(String name) throws Exception {
    Map<String, String> env = new HashMap<>(Map.of(name, "1", "PATH", "/bin"));
    ClaudeEnvironment environment = ClaudeEnvironment.of(config(BACKGROUND), env, ROUTER);
    environment.applyTo(env);
    assertFalse(env.containsKey(name));
    assertEquals("/bin", env.get("PATH"));
    assertEquals("", settings(environment).get(name));
  }

  @Test
  void nothingIsSetThatNobodyAskedFor() throws Exception {
    assertEquals(
        Set.of(
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_BASE_URL",
            "ANTHROPIC_DEFAULT_HAIKU_MODEL",
            "API_TIMEOUT_MS",
            "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY",
            "NO_PROXY",
            "no_proxy"),
        ClaudeEnvironment.of(config(BACKGROUND), Map.of(), ROUTER).set().keySet());
  }

  @Test
  void theSettingsHoldWhatMustBeSoAndLeaveTheRestToTheUser() throws Exception {
    Config config = config("\"APIKEY\": \"sk-client-\\\"0123'456\\\\789\"");
    ClaudeEnvironment environment = ClaudeEnvironment.of(config, Map.of(), ROUTER);
    Map<String, String> expected = new TreeMap<>(environment.required());
    environment.unset().forEach(name -> expected.put(name, ""));
    assertEquals(expected, settings(environment));
    assertEquals(KEY, expected.get("ANTHROPIC_AUTH_TOKEN"));
    assertFalse(expected.containsKey("API_TIMEOUT_MS"));
  }

  @Test
  void theTokenIsNotPrinted() throws Exception {
    Config config = config("\"APIKEY\": \"sk-client-0123456789\"");
    String printed = ClaudeEnvironment.of(config, Map.of(), ROUTER).toString();
    assertFalse(printed.contains("sk-client"), printed);
    assertTrue(printed.contains("ANTHROPIC_AUTH_TOKEN=***"), printed);
  }

  /** A session's title, as Claude Code asks for it, by the name that it is told to use. */
  @Test
  void theSmallModelTakesTheRouteOfTheBackground() throws Exception {
    Config config = config(BACKGROUND);
    String name =
        ClaudeEnvironment.of(config, Map.of(), ROUTER)
            .set()
            .getOrDefault("ANTHROPIC_DEFAULT_HAIKU_MODEL", "");
    String title =
        """
        {"model":"%s","messages":[{"role":"user","content":[{"type":"text","text":"hello"}]}],
         "system":[{"type":"text","text":"Name this session."}],"tools":[],"max_tokens":32000,
         "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"stream":true}
        """
            .formatted(name);
    RequestFacts facts =
        new RequestScan()
            .scan(Unpooled.wrappedBuffer(title.getBytes(StandardCharsets.UTF_8)), false);
    Router router =
        new Router(
            config.providers().stream().map(ProviderConfig::provider).toList(), config.routes());
    Route route = router.route(facts, header -> null, Tokens.of(20));
    assertNotNull(route);
    assertEquals("background p,small", route.rule() + " " + route.provider().name() + ","
        + route.model());
  }

  private static Map<String, String> settings(ClaudeEnvironment environment) throws Exception {
    Map<String, String> env = new TreeMap<>();
    try (JsonParser json = new JsonFactory().createParser(environment.settingsJson())) {
      assertEquals(
          List.of(JsonToken.START_OBJECT, JsonToken.FIELD_NAME, JsonToken.START_OBJECT),
          Stream.of(json.nextToken(), json.nextToken(), json.nextToken())
              .collect(Collectors.toList()));
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        env.put(name, json.nextTextValue());
      }
      assertEquals(JsonToken.END_OBJECT, json.nextToken());
    }
    return env;
  }
}
