package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import dev.ccr.proxy.model.ModelRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code Router}. */
final class RoutesReader {
  private static final List<String> KNOWN =
      List.of("default", "think", "longContext", "background", "webSearch");
  private static final List<String> UNSUPPORTED = List.of("longContextThreshold", "image");

  private static final Routes NONE = new Routes(null, null, null, null, null);

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
      return NONE;
    }
    Section router = new Section("Router", object, KNOWN, UNSUPPORTED, problems);
    Routes routes =
        new Routes(
            route(router, "default"),
            route(router, "think"),
            route(router, "longContext"),
            route(router, "background"),
            route(router, "webSearch"));
    Node inFile = router.get("default");
    if (inFile == null || isEmpty(inFile)) {
      noDefault(inFile == null ? router.line() : inFile.line());
    }
    return routes;
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
