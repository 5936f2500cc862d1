package dev.ccr.proxy.config;

import dev.ccr.proxy.model.ModelRef;
import org.jspecify.annotations.Nullable;

/** Reads what routes lead to: {@code provider,model}, or {@code provider/model}. */
final class TargetReader {
  private final Providers providers;
  private final ConfigProblems problems;

  TargetReader(Providers providers, ConfigProblems problems) {
    this.providers = providers;
    this.problems = problems;
  }

  /** A target whose provider can be spoken to, or {@code null} with a problem. */
  @Nullable ModelRef read(Node node, String path) {
    if (!(node instanceof Node.Text text)) {
      problems.problem(node.line(), path, node.shown(), "a string");
      return null;
    }
    ModelRef target = parse(text.value());
    if (target == null) {
      problems.problem(text.line(), path, text.shown(), "provider,model");
      return null;
    }
    String fault = fault(target);
    if (fault != null) {
      problems.problem(text.line(), path, text.shown(), fault);
      return null;
    }
    ProviderConfig config = providers.usable(target.provider());
    if (config != null && !config.provider().allows(target.model())) {
      problems.problem(
          text.line(), path, text.shown(), "a model that the provider's model_whitelist allows");
      return null;
    }
    return target;
  }

  private @Nullable ModelRef parse(String text) {
    if (!ModelRef.isExplicit(text)) {
      return slashed(text.strip());
    }
    try {
      return ModelRef.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Models have slashes too: only what stands before one and is configured is a provider. */
  private @Nullable ModelRef slashed(String text) {
    for (int slash = text.lastIndexOf('/'); slash > 0; slash = text.lastIndexOf('/', slash - 1)) {
      String provider = providers.named(text.substring(0, slash));
      if (provider != null && slash < text.length() - 1) {
        return new ModelRef(provider, text.substring(slash + 1));
      }
    }
    return null;
  }

  private @Nullable String fault(ModelRef target) {
    String name = providers.named(target.provider());
    if (name != null) {
      return providers.leftOut().get(name);
    }
    if (providers.names().isEmpty()) {
      return null; // that is a problem already, and the cause of this one
    }
    String nearest = NearestName.of(target.provider(), providers.names());
    return "a configured provider" + (nearest == null ? "" : ", nearest: " + nearest);
  }
}
