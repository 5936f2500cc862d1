package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class RouteEditTest {

  private static final Path JSON = Path.of("config.json");
  private static final Path YAML = Path.of("config.yaml");

  /** Providers named p and q, in JSON and in YAML. */
  private static final String P =
      "\"providers\": {\"p\": {\"url\": \"http://localhost/\", \"api_key\": \"k\"},"
          + " \"q\": {\"url\": \"http://localhost/\", \"api_key\": \"\"}}";

  /** What {@code long_context} is set to in the tables below. */
  private static final String TARGET = "q,n:online";

  private static String set(Path file, String text, String target) throws ConfigException {
    return RouteEdit.set(file, text, Scenario.LONG_CONTEXT, target, Map.of("M", "m"));
  }

  /** A file, and the same file with the model in it. */
  record Case(Path file, String before, String after) {}

  private static Case json(String before, String after) {
    return new Case(JSON, before.replace("PP", P), after.replace("PP", P));
  }

  private static Case yaml(String before, String after) {
    return new Case(YAML, before.replace("PP", P), after.replace("PP", P));
  }

  static List<Case> cases() {
    return List.of(
        json(
            "{PP, \"Router\": {\"default\": \"p,m\", \"longContext\": \"p,l\"}}",
            "{PP, \"Router\": {\"default\": \"p,m\", \"longContext\": \"q,n:online\"}}"),
        json(
            """
            // the whole
            {
              PP, /* here: */
              router: { // routes
                'long_context' : '', // none yet, 'longContext: "p,m"
                "default": "p,m",
              },
            }
            """,
            """
            // the whole
            {
              PP, /* here: */
              router: { // routes
                'long_context' : "q,n:online", // none yet, 'longContext: "p,m"
                "default": "p,m",
              },
            }
            """),
        json(
            """
            {PP,
              "Router": {
                // usual
                "default": "p,m"
              }
            }
            """,
            """
            {PP,
              "Router": {
                "longContext": "q,n:online",
                // usual
                "default": "p,m"
              }
            }
            """),
        json(
            "{PP,\r\n\t\"Router\": {\r\n\t\t\"default\": \"p,m\"}}",
            "{PP,\r\n\t\"Router\": {\r\n\t\t\"longContext\": \"q,n:online\",\r\n"
                + "\t\t\"default\": \"p,m\"}}"),
        json("{PP, \"Router\": {}}", "{PP, \"Router\": {\"longContext\": \"q,n:online\"}}"),
        json("{PP, \"Router\": null}", "{PP, \"Router\": {\"longContext\": \"q,n:online\"}}"),
        json("{PP}", "{ \"Router\": {\"longContext\": \"q,n:online\"},PP}"),
        json(
            "{\n  PP\n}", "{\n  \"Router\": {\"longContext\": \"q,n:online\"},\n  PP\n}"),
        json(
            "\uFEFF{\"a\": [{\"Router\": {\"longContext\": 1}}, \"\ud83d\ude80\"], PP,"
                + " \"Router\": {\"rules\": [{\"model\": \"x\", \"to\": \"p,m\"}],"
                + " \"longContext\": null}}",
            "\uFEFF{\"a\": [{\"Router\": {\"longContext\": 1}}, \"\ud83d\ude80\"], PP,"
                + " \"Router\": {\"rules\": [{\"model\": \"x\", \"to\": \"p,m\"}],"
                + " \"longContext\": \"q,n:online\"}}"),
        yaml(
            """
            # the whole
            PP
            router:          # routes
              default: p/m   # usual
              long-context:  p,l   # long
            """,
            """
            # the whole
            PP
            router:          # routes
              default: p/m   # usual
              long-context:  "q,n:online"   # long
            """),
        yaml(
            "PP\nRouter:\n  # usual\n  default: p,m\n",
            "PP\nRouter:\n  # usual\n  longContext: \"q,n:online\"\n  default: p,m\n"),
        yaml("PP\nRouter:\n", "PP\nRouter: {longContext: \"q,n:online\"}\n"),
        yaml("PP\nRouter: {}", "PP\nRouter: {longContext: \"q,n:online\"}"),
        yaml(
            "PP\nRouter: {default: 'p,m'}\n",
            "PP\nRouter: {longContext: \"q,n:online\", default: 'p,m'}\n"),
        yaml("PP", "PP\nRouter:\n  longContext: \"q,n:online\"\n"),
        yaml("{PP}", "{Router: {longContext: \"q,n:online\"}, PP}"),
        yaml(
            """
            # \ud83d\ude80
            PP
            router:
              long_context:
              default: &d p,m
              think: *d
            """,
            """
            # \ud83d\ude80
            PP
            router:
              long_context: "q,n:online"
              default: &d p,m
              think: *d
            """),
        yaml(
            "PP\nrouter:\n  default: &d p,m\n  longContext: *d\n",
            "PP\nrouter:\n  default: &d p,m\n  longContext: \"q,n:online\"\n"),
        yaml(
            "PP\nrouter:\n  longContext: >-\n    p,\n    m\n",
            "PP\nrouter:\n  longContext: \"q,n:online\"\n"),
        yaml(
            """
            other: &o {think: 'p,t', longContext: 'p,l'}
            PP
            router:
              <<: *o
            """,
            """
            other: &o {think: 'p,t', longContext: 'p,l'}
            PP
            router:
              longContext: "q,n:online"
              <<: *o
            """));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void onlyTheModelChanges(Case each) throws ConfigException {
    String changed = set(each.file(), each.before(), TARGET);
    assertEquals(each.after(), changed);
    assertEquals(changed, set(each.file(), changed, TARGET), "the same again");
  }

  static List<Path> samples() throws IOException {
    return SampleFiles.all().stream()
        .filter(file -> !SampleFiles.name(file).equals("old.json")) // below
        .toList();
  }

  /** All routes of all samples, and nothing is said of them that the reader does not say. */
  @ParameterizedTest
  @MethodSource("samples")
  void aSampleLosesNoLineAndGainsOne(Path file) throws Exception {
    Config config = SampleFiles.read(file);
    String model = config.providers().getLast().provider().modelWhitelist().isEmpty()
        ? "a/b:c"
        : config.providers().getLast().provider().modelWhitelist().getFirst();
    String target = config.providers().getLast().provider().name() + "," + model;
    for (Scenario scenario : Scenario.values()) {
      String before = Files.readString(file);
      String after = RouteEdit.set(file, before, scenario, target, SampleFiles.ENV);
      Config changed = ConfigReader.parse(SampleFiles.name(file), after, SampleFiles.ENV);
      assertEquals(target, String.valueOf(changed.routes().target(scenario)));
      List<String> lost = new ArrayList<>(before.lines().toList());
      after.lines().forEach(lost::remove);
      assertTrue(lost.size() <= 1, () -> file + " " + scenario.key() + " lost " + lost);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // An anchor would be lost, of which another route is a copy.
        "config.yaml | PP\\nrouter:\\n  longContext: &d p,m\\n  default: *d\\n",
        // Another mapping's routes are the router's.
        "config.yaml | extra: &r {default: 'p,m'}\\nPP\\nrouter: *r\\n",
        "config.json | {\"OPENAI_API_KEY\": \"k\", \"OPENAI_BASE_URL\": \"http://localhost/\","
            + " \"OPENAI_MODEL\": \"m\"}",
      })
  void whatCannotBeChangedAloneIsRefused(String file, String text) {
    String whole = text.replace("\\n", "\n").replace("PP", P);
    String target = file.endsWith("json") ? "openai,n" : "p,n";
    ConfigException e =
        assertThrows(ConfigException.class, () -> set(Path.of(file), whole, target));
    assertEquals(
        file + ": Router.longContext: cannot be changed without changing more"
            + " (expected: a file as ccr config migrate writes it)",
        e.getMessage());
  }

  @Test
  void aModelWithNoProviderIsRefusedAsTheReaderDoes() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> set(JSON, "{" + P + ", \"Router\": {\"default\": \"p,m\"}}", "r,m"));
    assertEquals(
        List.of("config.json:1: Router.longContext: \"r,m\" (expected: a configured provider)"),
        e.problems());
  }

  @ParameterizedTest
  @CsvSource({"p/x", "'p,a\"b\\c'", "'p,$M'", "'P,\u00e9\u2028x'"})
  void anyModelCanBeSaidInBothFormats(String target) throws ConfigException {
    for (Path file : List.of(JSON, YAML)) {
      String text = set(file, "{" + P + "}", target);
      Config config = ConfigReader.parse(file.toString(), text, Map.of("M", "m"));
      assertEquals(
          target.replace("p/", "p,").replace("$M", "m"),
          String.valueOf(config.routes().target(Scenario.LONG_CONTEXT)));
    }
  }

  @Test
  void anEmptyModelIsNone() throws ConfigException {
    String text = "{" + P + ", \"Router\": {\"default\": \"p,m\", \"longContext\": \"p,l\"}}";
    String changed = set(JSON, text, "");
    assertEquals(text.replace("p,l", ""), changed);
  }
}
