package dev.ccr.proxy.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.testing.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the papers say of the tests is so. */
final class PapersTest {

  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
  private static final Pattern FIXTURE = Pattern.compile("`((?:openai|anthropic)/[\\w-]+)`");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docs/translation.md", "docs/buffers.md", "docs/reliability.md", "docs/security.md",
        "CONTRIBUTING.md"
      })
  void everyTestThatAPaperNamesExists(String paper) throws Exception {
    Map<String, Path> classes = testClasses();
    List<String> missing = new ArrayList<>();
    for (MatchResult named : TEST.matcher(text(paper)).results().toList()) {
      Path file = classes.get(named.group(1));
      String method = named.group(2);
      if (file == null || (method != null && !hasMethod(file, method))) {
        missing.add(named.group());
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyFixtureThatThePaperOfTranslationNamesExists() throws IOException {
    List<String> missing =
        FIXTURE
            .matcher(text("docs/translation.md"))
            .results()
            .map(named -> named.group(1).split("/"))
            .map(path -> new Fixture(path[0], path[1]))
            .filter(fixture -> !fixture.has("claude-request.json"))
            .map(Fixture::toString)
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void everyNumberedCaseHasATest() throws IOException {
    String paper = text("docs/translation.md");
    Set<Integer> vectors = numbers(paper, "(?m)^\\| V(\\d+) \\|.*`\\w+Test");
    Set<Integer> problems = numbers(paper, "(?m)^\\| (\\d+) \\|.*(?:`\\w+Test|fixtures? `)");
    assertEquals(upTo(23), vectors);
    assertEquals(upTo(32), problems);
  }

  /** Read off the source: loading the class would run its initializers. */
  private static boolean hasMethod(Path file, String method) throws IOException {
    return Files.readString(file).contains(" " + method + "(");
  }

  @Test
  void everyPromiseOfReliabilityNamesATest() throws IOException {
    String promises = text("docs/reliability.md").split("(?m)^## ", -1)[1];
    List<String> unheld =
        promises.lines()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| promise |"))
            .filter(line -> !line.startsWith("| ---") && !TEST.matcher(line).find())
            .toList();
    assertEquals(List.of(), unheld);
  }

  private static Map<String, Path> testClasses() throws IOException {
    Map<String, Path> classes = new HashMap<>();
    for (String module : List.of("proxy", "cli")) {
      Path sources = Path.of("..", module, "src", "test", "java");
      assertTrue(Files.isDirectory(sources), "the tests run in their module's folder");
      try (Stream<Path> files = Files.walk(sources)) {
        files
            .filter(file -> file.toString().endsWith("Test.java"))
            .forEach(file -> classes.put(simpleName(file), file));
      }
    }
    return classes;
  }

  private static String simpleName(Path file) {
    return String.valueOf(file.getFileName()).replace(".java", "");
  }

  private static String text(String paper) throws IOException {
    return Files.readString(Path.of("..").resolve(paper));
  }

  private static Set<Integer> numbers(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(row -> Integer.valueOf(row.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Integer> upTo(int last) {
    return Stream.iterate(1, i -> i <= last, i -> i + 1)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
