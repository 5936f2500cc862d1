package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class RoutesReaderTest {
  private static final ModelRef TARGET = new ModelRef("p", "m");

  @Test
  void everyScenarioHasARouteAndAChain() throws ConfigException {
    Routes routes =
        config(
                """
                "default": "p,1", "think": "p,2", "longContext": "p,3", "background": "p,4",
                "webSearch": "p,5", "image": "p,6",
                "fallback": {"default": ["p,a", "q,b"], "long_context": ["q/c"], "image": []}
                """,
                "\"fallback\": {\"think\": [\"p,d\"]},")
            .routes();
    assertEquals(
        List.of("1", "2", "3", "4", "5", "6"),
        Stream.of(Scenario.values()).map(each -> String.valueOf(routes.target(each)).substring(2))
            .toList());
    assertEquals(
        Map.of(
            Scenario.DEFAULT, List.of(new ModelRef("p", "a"), new ModelRef("q", "b")),
            Scenario.LONG_CONTEXT, List.of(new ModelRef("q", "c")),
            Scenario.THINK, List.of(new ModelRef("p", "d"))),
        routes.fallback());
  }

  @Test
  void aChainAtTheTopNeedsNoRouter() throws ConfigException {
    Config config =
        ConfigReader.parse(
            "config.json",
            ConfigFaultsTest.json(
                "{'Providers': [<o>], 'fallback': {'background': ['openrouter,m']}}"),
            Map.of());
    assertEquals(
        Map.of(Scenario.BACKGROUND, List.of(new ModelRef("openrouter", "m"))),
        config.routes().fallback());
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        rule("'model': 'claude-*'", Map.of(), "claude-*", "*", 0, Long.MAX_VALUE),
        rule("'tool': 'mcp__*'", Map.of(), "*", "mcp__*", 0, Long.MAX_VALUE),
        rule("'header': {'X-Foo': 'Bar*'}", Map.of("x-foo", new Glob("bar*")), "*", "*", 0,
            Long.MAX_VALUE),
        rule("'agentId': 'a', 'sessionId': '*'",
            Map.of(
                "x-claude-code-agent-id", new Glob("a"), "x-claude-code-session-id", Glob.ANY),
            "*", "*", 0, Long.MAX_VALUE),
        rule("'minTokens': 5, 'maxTokens': 5", Map.of(), "*", "*", 5, 5),
        rule("'min_tokens': '7'", Map.of(), "*", "*", 7, Long.MAX_VALUE));
  }

  private static Arguments rule(
      String text, Map<String, Glob> headers, String model, String tool, long min, long max) {
    return arguments(
        text, new RouteRule("r 1", TARGET, headers, new Glob(model), new Glob(tool), min, max));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRuleMeansItsConditions(String text, RouteRule rule) throws ConfigException {
    Config config =
        config("'rules': [{'name': ' r 1 ', " + text + ", 'to': 'p,m'}], 'default': 'p,m'", "");
    assertEquals(List.of(rule), config.routes().rules());
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void aRuleWithoutANameIsCalledByItsPlace() throws ConfigException {
    List<RouteRule> rules =
        config("'rules': [{'model': 'a', 'to': 'p,m'}, {'model': 'b', 'to': 'p/m'}]", "")
            .routes()
            .rules();
    assertEquals(List.of("rules[0]", "rules[1]"), rules.stream().map(RouteRule::name).toList());
    assertEquals(TARGET, rules.get(1).target());
  }

  static Stream<Arguments> warnings() {
    return Stream.of(
        arguments("'rules': [{'to': 'p,m'}]",
            "rules[0]: no condition: all requests that get this far go there"),
        arguments("'rules': [{'modle': 'm', 'tool': 't', 'to': 'p,m'}]",
            "rules[0].modle: unknown key (nearest: model)"),
        arguments("'thinkEfforts': ['high', 'hihg']",
            "thinkEfforts[1]: \"hihg\": unknown effort (nearest: high)"),
        arguments("'thinkEfforts': ['ultra']", "thinkEfforts[0]: \"ultra\": unknown effort"),
        arguments("'fallback': {'defalt': ['p,m']}",
            "fallback.defalt: unknown key (nearest: default)"),
        arguments("'builtInRules': {}", "builtInRules: not supported yet: ignored"));
  }

  @ParameterizedTest
  @MethodSource("warnings")
  void whatIsUnwiseIsAWarning(String text, String warning) throws ConfigException {
    assertEquals(
        List.of("config.json:5: Router." + warning),
        config("'default': 'w,coder-1', " + text, "").warnings());
  }

  static Stream<Arguments> faults() {
    String tokens = " (expected: a number of tokens, 1 to 2147483647)";
    return Stream.of(
        fault("'longContextThreshold': -1", "longContextThreshold: -1" + tokens),
        fault("'think': 'w,other-1'",
            "think: \"w,other-1\" (expected: a model that the provider's model_whitelist allows)"),
        fault("'long_context_threshold': 'x'", "long_context_threshold: \"x\"" + tokens),
        fault("'longContextThreshold': 2147483648", "longContextThreshold: 2147483648" + tokens),
        fault("'long_context': 'x'", "long_context: \"x\" (expected: provider,model)"),
        fault("'thinkEfforts': 'high'",
            "thinkEfforts: a string (expected: an array of strings)"),
        fault("'thinkEfforts': [7, ' ']", "thinkEfforts[0]: 7 (expected: a string)",
            "thinkEfforts[1]: \" \" (expected: an effort)"),
        fault("'rules': {}", "rules: an object (expected: an array of objects)"),
        fault("'rules': ['x']", "rules[0]: a string (expected: an object)"),
        fault("'rules': [{'model': 'm'}]", "rules[0].to: missing (expected: provider,model)"),
        aRule("'to': 'p'", "to: \"p\" (expected: provider,model)"),
        aRule("'to': 'no/m'", "to: \"no/m\" (expected: provider,model)"),
        aRule("'to': 'p/'", "to: \"p/\" (expected: provider,model)"),
        aRule("'to': 'x,m'", "to: \"x,m\" (expected: a configured provider)"),
        aRule("'to': 'pp,m'", "to: \"pp,m\" (expected: a configured provider, nearest: p)"),
        aRule("'to': 'p,m', 'name': 'caf\\u00e9'",
            "name: \"caf\u00e9\" (expected: a name in printable ASCII)"),
        aRule("'to': 'p,m', 'name': ''", "name: \"\" (expected: a name in printable ASCII)"),
        aRule("'to': 'p,m', 'tool': ''",
            "tool: \"\" (expected: a pattern, in which * stands for anything)"),
        aRule("'to': 'p,m', 'tool': 7", "tool: 7 (expected: a string)"),
        aRule("'to': 'p,m', 'header': 'x'", "header: a string (expected: an object)"),
        aRule("'to': 'p,m', 'header': {'x y': 'z'}",
            "header.x y: no header's name (expected: a header's name)"),
        aRule("'to': 'p,m', 'headers': {'x': 7}", "headers.x: 7 (expected: a string)"),
        aRule("'to': 'p,m', 'header': {'X-Api-Key': 'sk-canary-4711'}",
            "header.X-Api-Key: *** (expected: a header that holds no key)"),
        aRule("'to': 'p,m', 'agentId': 'a', 'header': {'X-Claude-Code-Agent-Id': 'b'}",
            "agentId: \"a\" (expected: one condition for x-claude-code-agent-id)"),
        aRule("'to': 'p,m', 'minTokens': -1", "minTokens: -1" + tokens),
        aRule("'to': 'p,m', 'minTokens': 9, 'maxTokens': 8",
            "maxTokens: 8 (expected: no less than minTokens, 9)"),
        fault("'fallback': []", "fallback: an array (expected: an object)"),
        fault("'fallback': {'think': 'p,m'}",
            "fallback.think: a string (expected: an array of strings)"),
        fault("'fallback': {'think': ['p,m', 7, 'pp,m']}",
            "fallback.think[1]: 7 (expected: a string)",
            "fallback.think[2]: \"pp,m\" (expected: a configured provider, nearest: p)"),
        fault("'default': 'gone,m'",
            "default: \"gone,m\" (expected: one that is not disabled)"),
        fault("'default': 'Native/m'",
            "default: \"Native/m\" (expected: a provider that can be spoken to; Gemini's"
                + " generateContent is not spoken yet)"),
        fault("'fallback': {'web_search': ['codex,m']}",
            "fallback.web_search[0]: \"codex,m\" (expected: a provider that can be spoken to;"
                + " OpenAI's Responses API is not spoken yet)"));
  }

  private static Arguments fault(String text, String... problems) {
    return arguments(text, List.of(problems));
  }

  private static Arguments aRule(String text, String problem) {
    return fault("'rules': [{" + text + "}]", "rules[0]." + problem);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyFaultIsALine(String text, List<String> problems) {
    ConfigException e = assertThrows(ConfigException.class, () -> config(text, ""));
    assertEquals(
        problems.stream().map(problem -> "config.json:5: Router." + problem).toList(),
        e.problems());
  }

  @Test
  void aScenarioHasOneChain() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> config("'fallback': {'think': ['p,m']}", "'fallback': {'think': ['p,m']},"));
    assertEquals(
        List.of(
            "config.json:5: Router.fallback.think: repeated (expected: once, in Router or at the"
                + " top)"),
        e.problems());
  }

  @ParameterizedTest
  @CsvSource({
    "'p,m', p, m",
    "'p/m', p, m",
    "' P/m ', p, m",
    "'p/q/m', p, q/m",
    "'a/b/m', a/b, m",
    "'A/B/m/n', a/b, m/n",
    "'p,q/m', p, q/m",
    "'a/b,m', a/b, m",
  })
  void aSlashWillDoBehindAProvidersName(String text, String provider, String model)
      throws ConfigException {
    assertEquals(
        new ModelRef(provider, model),
        config("'default': '" + text + "'", "").routes().target(Scenario.DEFAULT));
  }

  @Test
  void effortsAreASet() throws ConfigException {
    assertEquals(
        Set.of("high", "max"),
        config("'thinkEfforts': ['High', 'max', 'high']", "").routes().thinkEfforts());
    assertEquals(Set.of(), config("'thinkEfforts': []", "").routes().thinkEfforts());
    assertEquals(Routes.THINK_EFFORTS, config("'default': 'p,m'", "").routes().thinkEfforts());
  }

  /** In line 5 is what {@code Router} holds. */
  private static Config config(String router, String top) throws ConfigException {
    boolean unspoken = Stream.of("gone", "ative", "codex").anyMatch(router::contains);
    String leftOut =
        unspoken
            ? ", {'name': 'gone', 'enabled': false},"
                + " {'name': 'native', 'url': 'http://h/v1beta/models', 'api_key': ''},"
                + " {'name': 'codex', 'url': 'http://h/v1/responses', 'api_key': ''}"
            : "";
    String text =
        """
        {%s "Providers": [{"name": "p", "url": "http://h", "api_key": ""}, {"name": "q",
           "url": "http://h", "api_key": ""}, {"name": "a/b", "url": "http://h", "api_key": ""},
          {"name": "w", "url": "http://h", "api_key": "", "model_whitelist": ["coder"]}%s],
         "Router": {
           %s}}
        """
            .formatted(top, leftOut, router.replace("\n", " "));
    return ConfigReader.parse("config.json", text.replace('\'', '"'), Map.of());
  }
}
