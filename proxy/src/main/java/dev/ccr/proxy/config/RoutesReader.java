package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code Router}. */
final class RoutesReader {
  private static final String ROUTER = "Router";

  private final TargetReader targets;
  private final ConfigProblems problems;

  RoutesReader(TargetReader targets, ConfigProblems problems) {
    this.targets = targets;
    this.problems = problems;
  }

  Routes read(Section root) {
    Node.Obj object = root.object(ROUTER);
    if (object == null) {
      if (root.get(ROUTER) == null) {
        noDefault(WHOLE_FILE);
      }
      return Routes.NONE;
    }
    Section router = new Section(root.path(ROUTER), object, KnownKeys.ROUTER, problems);
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
    Long threshold = router.count("longContextThreshold", "a number of tokens");
    return new Routes(
        routes,
        List.of(),
        threshold == null ? Routes.LONG_CONTEXT_THRESHOLD : threshold,
        Routes.THINK_EFFORTS,
        Map.of());
  }

  private static <T> void put(Map<Scenario, T> map, Scenario scenario, @Nullable T value) {
    if (value != null) {
      map.put(scenario, value);
    }
  }

  private void noDefault(int line) {
    problems.warning(
        line, "Router.default: missing: only requests for provider,model or for a listed name are answered");
  }

  /** Front ends write the routes that are not set as empty strings. */
  private static boolean isEmpty(Node node) {
    return node instanceof Node.Text text && text.isEmpty();
  }
}
