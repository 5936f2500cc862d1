package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code Router}, and {@code fallback} wherever it is. */
final class RoutesReader {
  private static final String ROUTER = "Router";
  private static final String FALLBACK = "fallback";
  private static final String EFFORTS = "thinkEfforts";
  private static final List<String> KNOWN_EFFORTS =
      List.of("low", "medium", "high", "xhigh", "max");

  private final TargetReader targets;
  private final ConfigProblems problems;

  RoutesReader(TargetReader targets, ConfigProblems problems) {
    this.targets = targets;
    this.problems = problems;
  }

  Routes read(Section root) {
    Map<Scenario, List<ModelRef>> fallback = new EnumMap<>(Scenario.class);
    fallback(root, fallback);
    Node.Obj object = root.object(ROUTER);
    if (object == null) {
      if (root.get(ROUTER) == null) {
        noDefault(WHOLE_FILE);
      }
      return new Routes(
          Map.of(), List.of(), Routes.LONG_CONTEXT_THRESHOLD, Routes.THINK_EFFORTS, fallback);
    }
    Section router = new Section(root.path(ROUTER), object, KnownKeys.ROUTER, problems);
    fallback(router, fallback);
    Map<Scenario, ModelRef> routes = new EnumMap<>(Scenario.class);
    for (Scenario scenario : Scenario.values()) {
      Node node = router.get(scenario.key());
      if (node != null && !isEmpty(node)) {
        put(routes, scenario, targets.read(node, router.path(scenario.key())));
      }
    }
    Node inFile = router.get(Scenario.DEFAULT.key());
    if (inFile == null || isEmpty(inFile)) {
      noDefault(inFile == null ? router.line() : inFile.line());
    }
    List<RouteRule> rules = new RulesReader(targets, problems).read(router);
    Long threshold = router.countUnlessZero("longContextThreshold", "a number of tokens");
    return new Routes(
        routes,
        rules,
        threshold == null ? Routes.LONG_CONTEXT_THRESHOLD : threshold,
        efforts(router),
        fallback);
  }

  private static <T> void put(Map<Scenario, T> map, Scenario scenario, @Nullable T value) {
    if (value != null) {
      map.put(scenario, value);
    }
  }

  private void noDefault(int line) {
    problems.warning(line, Config.NO_DEFAULT);
  }

  /** Front ends write the routes that are not set as empty strings. */
  private static boolean isEmpty(Node node) {
    return node instanceof Node.Text text && text.isEmpty();
  }

  private Set<String> efforts(Section router) {
    Node.Array array = router.array(EFFORTS, "an array of strings");
    if (array == null) {
      return Routes.THINK_EFFORTS;
    }
    for (int i = 0; i < array.items().size(); i++) {
      if (array.items().get(i) instanceof Node.Text effort) {
        warnOfUnknown(effort, router.path(EFFORTS) + "[" + i + "]");
      }
    }
    return router.strings(EFFORTS, "an effort").stream()
        .map(effort -> effort.toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** There may be new efforts one day: they are taken. */
  private void warnOfUnknown(Node.Text effort, String path) {
    String name = effort.value().strip().toLowerCase(Locale.ROOT);
    if (!name.isEmpty() && !KNOWN_EFFORTS.contains(name)) {
      String nearest = NearestName.of(name, KNOWN_EFFORTS);
      problems.warning(
          effort.line(),
          path + ": " + effort.shown() + ": unknown effort"
              + (nearest == null ? "" : " (nearest: " + nearest + ")"));
    }
  }

  /** Adds the chains of one {@code fallback}; no scenario may have two. */
  private void fallback(Section parent, Map<Scenario, List<ModelRef>> chains) {
    Node.Obj object = parent.object(FALLBACK);
    if (object == null) {
      return;
    }
    Section section =
        new Section(parent.path(FALLBACK), object, KnownKeys.FALLBACK, problems);
    for (Scenario scenario : Scenario.values()) {
      Node.Array array = section.array(scenario.key(), "an array of strings");
      if (array == null || array.items().isEmpty()) {
        continue;
      }
      if (chains.containsKey(scenario)) {
        problems.problem(
            array.line(), section.path(scenario.key()), "repeated",
            "once, in Router or at the top");
      }
      chains.put(scenario, chain(array, section.path(scenario.key())));
    }
  }

  private List<ModelRef> chain(Node.Array array, String path) {
    List<ModelRef> chain = new ArrayList<>();
    for (int i = 0; i < array.items().size(); i++) {
      ModelRef target = targets.read(array.items().get(i), path + "[" + i + "]");
      if (target != null) {
        chain.add(target);
      }
    }
    return List.copyOf(chain);
  }
}
