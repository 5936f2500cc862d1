package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code Router}. */
final class RoutesReader {
  private static final String THRESHOLD = "longContextThreshold";
  private static final List<String> KNOWN =
      Stream.concat(Arrays.stream(Scenario.values()).map(Scenario::key), Stream.of(THRESHOLD))
          .toList();

  private final List<String> providers;
  private final ConfigProblems problems;

  /** @param providers the names that routes may use */
  RoutesReader(List<String> providers, ConfigProblems problems) {
    this.providers = providers;
    this.problems = problems;
  }

  Routes read(Section root) {
    Node.Obj object = root.object("Router");
    if (object == null) {
      if (root.get("Router") == null) {
        noDefault(WHOLE_FILE);
      }
      return Routes.NONE;
    }
    Section router = new Section("Router", object, KNOWN, List.of(), problems);
    Map<Scenario, ModelRef> targets = new EnumMap<>(Scenario.class);
    for (Scenario scenario : Scenario.values()) {
      ModelRef target = route(router, scenario.key());
      if (target != null) {
        targets.put(scenario, target);
      }
    }
    Routes routes =
        new Routes(targets, List.of(), threshold(router), Routes.THINK_EFFORTS, Map.of());
    Node inFile = router.get("default");
    if (inFile == null || isEmpty(inFile)) {
      noDefault(inFile == null ? router.line() : inFile.line());
    }
    return routes;
  }

  private static long threshold(Section router) {
    Node node = router.get(THRESHOLD);
    Long tokens = node == null ? null : node.integer();
    if (node != null && (tokens == null || tokens < 1 || tokens > Integer.MAX_VALUE)) {
      router.wrong(THRESHOLD, node, "a number of tokens, 1 to " + Integer.MAX_VALUE);
    }
    return tokens == null ? Routes.LONG_CONTEXT_THRESHOLD : tokens;
  }

  private void noDefault(int line) {
    problems.warning(
        line, "Router.default: missing: only requests for provider,model or for a listed name are answered");
  }

  /** Front ends write the routes that are not set as empty strings. */
  private static boolean isEmpty(Node node) {
    return node instanceof Node.Text text && text.value().isEmpty();
  }

  private @Nullable ModelRef route(Section router, String key) {
    Node.Text text = router.text(key);
    if (text == null || isEmpty(text)) {
      return null;
    }
    ModelRef model;
    try {
      model = ModelRef.parse(text.value());
    } catch (IllegalArgumentException e) {
      router.wrong(key, text, "provider,model");
      return null;
    }
    // Without any provider there is a problem already, and the cause of this one.
    if (providers.isEmpty() || providers.stream().anyMatch(model.provider()::equalsIgnoreCase)) {
      return model;
    }
    String nearest = NearestName.of(model.provider(), providers);
    router.wrong(
        key, text, "a configured provider" + (nearest == null ? "" : ", nearest: " + nearest));
    return null;
  }
}
