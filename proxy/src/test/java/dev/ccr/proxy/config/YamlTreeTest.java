package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlTreeTest {

  /** A semicolon stands for the end of a line. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "a: x => {a@1: 'x'}",
        "a: 'x: y # z' => {a@1: 'x: y # z'}",
        "a: x # y => {a@1: 'x'}",
        "a: \"\\u0041\\n\" => {a@1: 'A;'}",
        "a: 7 => {a@1: 7}",
        "a: +7 => {a@1: 7}",
        "a: 007 => {a@1: 7}",
        "a: 0x1F => {a@1: 31}",
        "a: 0o17 => {a@1: 15}",
        "a: 1.5 => {a@1: 1.5}",
        "a: '7' => {a@1: '7'}",
        "a: !!str 7 => {a@1: '7'}",
        "a: ! 7 => {a@1: '7'}",
        "a: !!int 7 => {a@1: 7}",
        "a: True => {a@1: true}",
        "a: yes => {a@1: 'yes'}",
        "a: ~ => {a@1: null}",
        "a: => {a@1: null}",
        "a: NULL => {a@1: null}",
        "a: 1:2 => {a@1: '1:2'}",
        "a: 10.0.0.5 => {a@1: '10.0.0.5'}",
        "a: ${V} => {a@1: '${V}'}",
        "a: << => {a@1: '<<'}",
        "7: x => {7@1: 'x'}",
        "{a: [1, x], b: {}} => {a@1: [1, 'x'], b@1: {}}",
        ";a:; - x; -;  b: y => {a@2: ['x', {b@5: 'y'}]}",
        "a: |; x; y;b: z => {a@1: 'x;y;', b@4: 'z'}",
        "a: >; x; y;b: z => {a@1: 'x y;', b@4: 'z'}",
        "---;a: 1;... => {a@2: 1}",
        "a: &n x;b: *n => {a@1: 'x', b@2: 'x'}",
        "a: &n {b: 1};c: *n => {a@1: {b@1: 1}, c@2: {b@1: 1}}",
        "a: &n {b: 1, c: 2};d:; <<: *n; b: 3 => {a@1: {b@1: 1, c@1: 2}, d@2: {b@4: 3, c@1: 2}}",
        "a: {<<: [{b: 1}, {b: 2, c: 3}]} => {a@1: {b@1: 1, c@1: 3}}",
        "{\"a\": \"x\",} => {a@1: 'x'}",
      })
  void yamlGivesTheSameTreeAsJson(String text, String expected) {
    ConfigProblems problems = new ConfigProblems("f");
    Node.Obj tree = YamlTree.read(text.replace(';', '\n'), problems);
    assertEquals(expected, shown(tree), problems.exception().getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                       | f: empty (expected: a YAML mapping)",
        "# later                  | f: empty (expected: a YAML mapping)",
        "---                      | f:1: empty (expected: a YAML mapping)",
        "- sk-canary              | f:1: an array (expected: a YAML mapping)",
        "sk-canary                | f:1: a string (expected: a YAML mapping)",
        "a: 1;---;b: 2            | f:2: a second document (expected: a single one)",
        "a: *sk-canary            | f:1: an alias of nothing (expected: an anchor before it)",
        "a: &x [*x]               | f:1: an alias of nothing (expected: an anchor before it)",
        "a: !sk-canary x          | f:1: a tag (expected: a plain value)",
        "a: !!int x               | f:1: a tag (expected: a plain value)",
        "a: !!binary x            | f:1: a tag (expected: a plain value)",
        "? [a];: b                | f:1: a key that is no scalar (expected: a name as a key)",
        "a: {<<: x}               | f:1: <<: a string (expected: a mapping)",
        "a: sk: canary | f:1: column 6: not YAML (expected: one colon in a line, or quotes"
            + " around the value)",
        "a: 1;\tb: 2 | f:2: column 1: not YAML (expected: spaces, not tabs, before a key; quotes"
            + " around a value that begins with a sign)",
        "a: @sk-canary | f:1: column 4: not YAML (expected: spaces, not tabs, before a key;"
            + " quotes around a value that begins with a sign)",
        "a: [sk-canary            | f:1: column 14: not YAML (expected: YAML 1.2)",
        "a: \"sk-canary | f:1: column 14: not YAML (expected: a closing quote or bracket)",
        "a:;  b: 1;c | f:3: column 2: not YAML (expected: a colon and a blank behind the key)",
        "a:;  - b;   c: 1 | f:3: column 5: not YAML (expected: one colon in a line, or quotes"
            + " around the value)",
        "a: !no!sk-canary x       | f:1: column 4: not YAML (expected: YAML 1.2)",
      })
  void faultsHaveTheirLineAndQuoteNothing(String text, String expected) {
    assertEquals(expected, fault(text.replace(';', '\n')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- "})
  void depthIsBounded(String opening) {
    String text = "a: \n " + opening.repeat(400_000 / opening.length());
    assertEquals("f:2: nested too deeply (expected: at most 64 levels)", fault(text));
  }

  @Test
  void aliasesCannotMakeMuchOfLittle() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String items = ("*a" + (i - 1) + ", ").repeat(9);
      text.append("a%d: &a%d [%s]\n".formatted(i, i, items));
    }
    assertEquals(
        "f:5: more than 50000 values (expected: fewer, those of aliases included)",
        fault(text.toString()));
  }

  @Test
  void problemsInYamlHaveItsLinesAndItsNames() {
    String text =
        """
        host: 0.0.0.0
        port: 70000
        providers:
          - name: p
            url: ftp://h
            api_key: 17
          - nmae: q
            url: http://h/
            api_key:
        router:
          default: p
          long_context: >-
            px,m
        """;
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> ConfigReader.parse("config.yaml", text, Map.of()));
    assertEquals(
        """
        config.yaml:1: HOST: "0.0.0.0" (expected: a loopback address, or an APIKEY, because anybody\
         who reaches this port could spend your providers' keys)
        config.yaml:2: PORT: 70000 (expected: a port, 0 to 65535)
        config.yaml:5: Providers[0].url: "ftp://h" (expected: an absolute http or https URL)
        config.yaml:6: Providers[0].api_key: *** (expected: a string, or an array of strings)
        config.yaml:7: Providers[1].name: missing (expected: the name that routes use)
        config.yaml:7: Providers[1].api_key: missing (expected: a string, empty if the provider\
         wants no key)
        config.yaml:11: Router.default: "p" (expected: provider,model)
        config.yaml:12: Router.long_context: "px,m" (expected: a configured provider, nearest: p)\
        """,
        e.getMessage());
    assertEquals(
        List.of("config.yaml:7: Providers[1].nmae: unknown key (nearest: name)"), e.warnings());
  }

  @ParameterizedTest
  @CsvSource({"c.yaml, true", "C.YML, true", "c.json, false", "yaml, false", "c.yaml.bak, false"})
  void theNameTellsTheFormat(String name, boolean yaml) {
    String text = "providers: [{name: p, url: 'http://h', api_key: ''}]";
    if (yaml) {
      assertEquals(
          "p", parse(name, text).providers().getFirst().provider().name());
    } else {
      assertThrows(ConfigException.class, () -> ConfigReader.parse(name, text, Map.of()));
    }
  }

  private static Config parse(String name, String text) {
    try {
      return ConfigReader.parse(name, text, Map.of());
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private static String fault(String text) {
    ConfigProblems problems = new ConfigProblems("f");
    assertNull(YamlTree.read(text, problems));
    String message = problems.exception().getMessage();
    assertFalse(message.contains("canary"), message);
    return message;
  }

  private static String shown(@Nullable Node node) {
    return switch (node) {
      case null -> "nothing";
      case Node.Obj object ->
          object.members().stream()
              .map(each -> each.key() + "@" + each.line() + ": " + shown(each.value()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Node.Array array ->
          array.items().stream()
              .map(YamlTreeTest::shown)
              .collect(Collectors.joining(", ", "[", "]"));
      case Node.Text text -> "'" + text.value().replace('\n', ';') + "'";
      case Node.Num number -> number.literal();
      case Node.Word word -> word.literal();
    };
  }
}
