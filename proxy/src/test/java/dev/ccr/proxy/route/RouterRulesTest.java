package dev.ccr.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of the router, its negation, and who goes before whom. */
final class RouterRulesTest {

  private static final List<Provider> PROVIDERS =
      List.of(new Provider("p", URI.create("http://p"), List.of("claude-haiku-9")));

  private static final RouteRule BY_HEADER =
      new RouteRule(
          "by-header",
          new ModelRef("p", "ruled"),
          Map.of("x-claude-code-agent-id", new Glob("a-*")),
          Glob.ANY,
          Glob.ANY,
          0,
          Long.MAX_VALUE);

  private static Routes routes(List<RouteRule> rules) {
    Map<Scenario, ModelRef> targets = new EnumMap<>(Scenario.class);
    for (Scenario scenario : Scenario.values()) {
      targets.put(scenario, new ModelRef("p", scenario.key() + "-model"));
    }
    return new Routes(targets, rules, 1_000, Set.of("max"), Map.of());
  }

  /** What makes a request one for a rule, in the order of the rules: a field, or a mark. */
  enum Kind {
    EXPLICIT("explicit", "`model`:`p,asked`"),
    SUBAGENT(
        "subagent", "`system`:`<CCR-SUBAGENT-MODEL>p,tagged</CCR-SUBAGENT-MODEL>Be brief.`"),
    RULE("by-header", ""),
    IMAGE(
        "image",
        "`messages`:[{`role`:`user`,`content`:[{`type`:`tool_result`,`content`:"
            + "[{`type`:`image`}]}]}]"),
    LONG_CONTEXT("longContext", ""),
    BACKGROUND("background", "`model`:`claude-haiku-4-5`"),
    WEB_SEARCH("webSearch", "`tools`:[{`type`:`web_search_20990101`,`name`:`web_search`}]"),
    THINK("think", "`thinking`:{`type`:`enabled`,`budget_tokens`:1024}"),
    DEFAULT("default", "");

    private final String rule;
    private final String field;

    Kind(String rule, String field) {
      this.rule = rule;
      this.field = field;
    }
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(Kind.values())
        .flatMap(
            first ->
                Arrays.stream(Kind.values())
                    .filter(second -> second.compareTo(first) >= 0)
                    .filter(second -> first != Kind.EXPLICIT || second != Kind.BACKGROUND)
                    .map(second -> Arguments.of(first, second)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void ofTwoRulesThatApplyTheFirstDecides(Kind first, Kind second) throws RequestException {
    Set<Kind> kinds = Set.copyOf(List.of(first, second).stream().distinct().toList());
    String fields =
        kinds.stream()
            .map(kind -> kind.field)
            .filter(field -> !field.isEmpty())
            .collect(Collectors.joining(","));
    RequestHeaders headers =
        name -> kinds.contains(Kind.RULE) && name.startsWith("x-claude") ? "a-1" : null;
    Tokens tokens = Tokens.of(kinds.contains(Kind.LONG_CONTEXT) ? 1_001 : 1_000);
    Route route = new Router(PROVIDERS, routes(List.of(BY_HEADER))).route(facts(fields), headers, tokens);
    assertNotNull(route);
    assertEquals(first.rule, route.rule());
  }

  /** Requests that are nearly of a scenario, and which rule decides them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "`model`:`claude-3-5-haiku-20241022`                             | background",
        "`model`:`anthropic.claude-HAIKU-5-5-v1:0`                       | background",
        "`model`:`claude-sonnet-4-5`                                     | default",
        "`model`:`haikou`                                                | default",
        "`tools`:[{`type`:`custom`,`name`:`web_search`}]                 | default",
        "`tools`:[{`name`:`a`},{`type`:`web_search_20250305`}]           | webSearch",
        "`tools`:[1,null,{`type`:5}]                                     | default",
        "`thinking`:{`type`:`disabled`}                                  | default",
        "`thinking`:{`type`:`disabled`,`budget_tokens`:5}                | default",
        "`thinking`:{`type`:`enabled`}                                   | default",
        "`thinking`:{`budget_tokens`:2048,`type`:`enabled`}              | think",
        "`thinking`:{`type`:`adaptive`}                                  | default",
        "`thinking`:{`type`:`adaptive`},`output_config`:{`effort`:`high`} | default",
        "`output_config`:{`effort`:`max`},`thinking`:{`type`:`adaptive`} | think",
        "`output_config`:{`effort`:`max`}                                | default",
        "`thinking`:true,`output_config`:[],`tools`:{},`system`:5        | default",
        "`messages`:[{`role`:`user`,`content`:[{`type`:`image`}]},{`role`:`user`,`content`:`a`}]"
            + " | image",
        "`messages`:[{`content`:[{`type`:`image`}],`role`:`user`},{`role`:`assistant`,`content`:"
            + "`a`},{`role`:`user`,`content`:`b`}] | default",
        "`messages`:[{`role`:`assistant`,`content`:[{`type`:`image`}]}]   | default",
        "`messages`:[{`role`:`user`,`content`:[{`type`:`text`,`text`:`image`}]}] | default",
        "`messages`:[{`role`:`user`,`content`:[{`type`:`document`,`source`:{`content`:[{`type`:"
            + "`image`}]}}]}] | default",
        "`system`:[{`type`:`text`,`text`:`x`},{`type`:`text`,`text`:`\\n <CCR-SUBAGENT-MODEL>"
            + "P, m:free </CCR-SUBAGENT-MODEL>`}] | subagent",
        "`messages`:[{`role`:`user`,`content`:`a`},{`role`:`user`,`content`:[{`type`:`text`,"
            + "`text`:`<CCR-SUBAGENT-MODEL>p,m</CCR-SUBAGENT-MODEL>`}]}] | subagent",
        "`messages`:[{`role`:`user`,`content`:`a`},{`role`:`user`,`content`:`b`},{`role`:`user`,"
            + "`content`:`<CCR-SUBAGENT-MODEL>p,m</CCR-SUBAGENT-MODEL>`}] | default",
        "`messages`:[{`role`:`user`,`content`:[{`type`:`tool_result`,`content`:"
            + "`<CCR-SUBAGENT-MODEL>p,m</CCR-SUBAGENT-MODEL>`}]}] | default",
        "`messages`:[{`role`:`assistant`,`content`:`<CCR-SUBAGENT-MODEL>p,m</CCR-SUBAGENT-MODEL>`}]"
            + " | default",
        "`messages`:[{`role`:`user`,`content`:`say <CCR-SUBAGENT-MODEL>p,m</CCR-SUBAGENT-MODEL>`}]"
            + " | default",
        "`system`:`<CCR-SUBAGENT-MODEL>nobody,m</CCR-SUBAGENT-MODEL>`    | default",
        "`system`:`<CCR-SUBAGENT-MODEL>m</CCR-SUBAGENT-MODEL>`           | default",
        "`system`:`<CCR-SUBAGENT-MODEL>p,m`                              | default",
      })
  void aRequestIsOfAScenarioOnlyIfItMeetsIt(String fields, String rule) throws RequestException {
    Route route =
        new Router(PROVIDERS, routes(List.of()))
            .route(facts(fields), RequestHeaders.NONE, Tokens.of(1_000));
    assertNotNull(route);
    assertEquals(rule, route.rule());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "claude-*, *,     0, 9999, none,     true",
        "gpt-*,    *,     0, 9999, none,     false",
        "*,        mcp__*, 0, 9999, none,    true",
        "*,        Bash,  0, 9999, none,     false",
        "*,        *,   500, 9999, none,     true",
        "*,        *,   501, 9999, none,     false",
        "*,        *,     0,  500, none,     true",
        "*,        *,     0,  499, none,     false",
        "*,        *,     0, 9999, team-*,   true",
        "*,        *,     0, 9999, other-*,  false",
      })
  void aRuleOfTheConfigurationDecidesIfAllItsConditionsAreMet(
      String model, String tool, long min, long max, String header, boolean met)
      throws RequestException {
    RouteRule rule =
        new RouteRule(
            "mine",
            new ModelRef("p", "m"),
            header == null ? Map.of() : Map.of("x-team", new Glob(header)),
            new Glob(model),
            new Glob(tool),
            min,
            max == 9999 ? Long.MAX_VALUE : max);
    Route route =
        new Router(PROVIDERS, routes(List.of(rule)))
            .route(
                facts("`model`:`claude-x`,`tools`:[{`name`:`mcp__a`}]"),
                name -> name.equals("x-team") ? "Team-7" : null,
                Tokens.of(500));
    assertNotNull(route);
    assertEquals(met ? "mine" : "default", route.rule());
  }

  @Test
  void whatDependsOnTokensThatAreNotKnownIsNotDecided() throws RequestException {
    Router router = new Router(PROVIDERS, routes(List.of()));
    Tokens unknown = threshold -> Tokens.Answer.UNKNOWN;
    assertNull(router.route(facts("`model`:`m`"), RequestHeaders.NONE, unknown));
    assertNotNull(router.route(facts("`model`:`p,m`"), RequestHeaders.NONE, unknown));
  }

  @Test
  void aScenarioWithoutAModelFallsThrough() throws RequestException {
    Router router =
        new Router(
            PROVIDERS, Routes.of(Map.of(Scenario.BACKGROUND, new ModelRef("p", "small"))));
    Trace trace = new Trace();
    Route route =
        router.explain(
            facts(Kind.IMAGE.field + "," + Kind.BACKGROUND.field), RequestHeaders.NONE,
            Tokens.of(1_000_000), trace);
    assertNotNull(route);
    assertEquals("background", route.rule());
    assertEquals(
        """
        explicit no: the model names no provider
        subagent no: no prompt begins with a model tag
        image no: the configuration has no model for it
        longContext no: the configuration has no model for it
        background yes: model "claude-haiku-4-5" is haiku""",
        trace.steps().stream()
            .map(step -> step.rule() + (step.decided() ? " yes: " : " no: ") + step.why())
            .collect(Collectors.joining("\n")));
  }

  private static RequestFacts facts(String fields) throws RequestException {
    String messages = fields.contains("`messages`") ? "" : ",`messages`:[]";
    String start = fields.isEmpty() ? "`max_tokens`:1" : fields;
    ByteBuf body =
        Unpooled.copiedBuffer(
            ("{" + start + messages + "}").replace('`', '"'), StandardCharsets.UTF_8);
    try {
      return new RequestScan().scan(body, true);
    } finally {
      body.release();
    }
  }
}
