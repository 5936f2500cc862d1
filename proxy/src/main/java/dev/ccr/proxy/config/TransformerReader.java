package dev.ccr.proxy.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code transformer} of a provider of the TypeScript router: what its steps tell of the
 * upstream, and which have no effect here. One a provider; not thread-safe.
 */
final class TransformerReader {
  private static final String USE = "use";
  private static final String EXPECTED = "an array of names, or of names with options";

  /** What such a step does elsewhere happens here in any case. */
  private static final List<String> DONE =
      List.of("maxcompletiontokens", "reasoning", "cleancache", "streamoptions");

  private static final Map<String, String> WITHOUT_EFFECT =
      Map.of(
          "enhancetool", "arguments of tools are handed on as they come",
          "tooluse", "no tool is forced on the model",
          "forcereasoning", "models are not told to reason in their prompts",
          "sampling", "clients choose how to sample",
          "customparams", "no fields are added to requests");

  private final ConfigProblems problems;
  private final Map<String, Long> caps = new HashMap<>();
  private @Nullable Hint hint;

  TransformerReader(ConfigProblems problems) {
    this.problems = problems;
  }

  /** What the steps for all models tell of the upstream, or {@code null}. */
  @Nullable Hint hint() {
    return hint;
  }

  /** The most tokens that may be asked for, by model; that of the empty name is for all others. */
  Map<String, Long> caps() {
    return caps;
  }

  void read(Section provider) {
    Node.Obj object = provider.object("transformer");
    if (object == null) {
      return;
    }
    String path = provider.path("transformer");
    for (Node.Member member : object.members()) {
      if (member.key().equals(USE)) {
        steps("", path + "." + USE, member.value());
      }
    }
    for (Node.Member member : object.members()) { // now the provider's own are known
      if (!member.key().equals(USE)) {
        model(member, path + "." + ConfigProblems.printable(member.key()));
      }
    }
  }

  private void model(Node.Member model, String path) {
    if (!(model.value() instanceof Node.Obj object)) {
      problems.problem(model.line(), path, model.value().kind(), "an object with use");
      return;
    }
    for (Node.Member member : object.members()) {
      if (member.key().equals(USE)) {
        steps(model.key(), path + "." + USE, member.value());
      }
    }
  }

  private void steps(String model, String path, Node value) {
    if (!(value instanceof Node.Array array)) {
      problems.problem(value.line(), path, value.kind(), EXPECTED);
      return;
    }
    for (int i = 0; i < array.items().size(); i++) {
      String where = path + "[" + i + "]";
      switch (array.items().get(i)) {
        case Node.Text name -> step(model, where, name, null);
        case Node.Array pair
            when !pair.items().isEmpty() && pair.items().getFirst() instanceof Node.Text name ->
            step(model, where, name, pair.items().size() > 1 ? pair.items().get(1) : null);
        case Node other -> problems.problem(other.line(), where, other.kind(), EXPECTED);
      }
    }
  }

  private void step(String model, String path, Node.Text name, @Nullable Node options) {
    String key = name.value().strip().toLowerCase(Locale.ROOT);
    String reason = WITHOUT_EFFECT.get(key);
    Hint told = Hint.named(key);
    if (key.equals("maxtoken")) {
      cap(model, path, name, options);
    } else if (reason != null) {
      warn(name, path, "no effect: " + reason);
    } else if (told != null) {
      told(model, path, name, told, options);
    } else if (!DONE.contains(key)) {
      warn(name, path, "unknown transformer: ignored");
    }
  }

  private void told(
      String model, String path, Node.Text name, Hint told, @Nullable Node options) {
    if (model.isEmpty() && hint == null) {
      hint = told;
    } else if (!told.equals(hint)) {
      warn(name, path, "no effect: a provider is spoken to in one way; its first transformer,"
          + " or profile, decides");
    }
    if (options instanceof Node.Obj object && !object.members().isEmpty()) {
      warn(name, path, "options: not supported yet: ignored");
    }
  }

  private void cap(String model, String path, Node.Text name, @Nullable Node options) {
    Node cap = null;
    if (options instanceof Node.Obj object) {
      for (Node.Member member : object.members()) {
        cap = member.key().equals("max_tokens") ? member.value() : cap;
      }
    }
    Long tokens = cap == null ? null : cap.integer();
    if (tokens == null || tokens < 1 || tokens > Integer.MAX_VALUE) {
      problems.problem(
          cap == null ? name.line() : cap.line(),
          path + ".max_tokens",
          cap == null ? "missing" : cap.shown(),
          OutputCapReader.EXPECTED);
    } else {
      caps.merge(model, tokens, Math::min);
    }
  }

  private void warn(Node.Text name, String path, String text) {
    problems.warning(name.line(), path + ": " + name.shown() + ": " + text);
  }
}
