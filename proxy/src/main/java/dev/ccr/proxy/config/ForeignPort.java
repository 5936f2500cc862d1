package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import java.util.List;
import java.util.Map;

/**
 * Tells users of the TypeScript router, whose files are at the same path, that silence about the
 * port means another one here.
 */
final class ForeignPort {
  private static final int THEIRS = 3456;

  /** Keys that only the TypeScript router has. */
  private static final List<String> MARKS =
      List.of(
          "LOG", "NON_INTERACTIVE_MODE", "CLAUDE_PATH", "CUSTOM_ROUTER_PATH",
          "REWRITE_SYSTEM_PROMPT", "forceUseImageAgent", "StatusLine", "transformers", "plugins");

  private ForeignPort() {}

  static void warn(
      Node.Obj tree, Section root, Map<String, String> env, ConfigProblems problems) {
    if (root.get("PORT") == null
        && env.getOrDefault("CCR_PORT", "").isEmpty()
        && looksForeign(tree)) {
      problems.warning(
          WHOLE_FILE,
          "PORT: missing: " + Defaults.PORT + ", where the TypeScript router takes " + THEIRS);
    }
  }

  private static boolean looksForeign(Node.Obj tree) {
    for (Node.Member member : tree.members()) {
      Keys.Key key = KnownKeys.ROOT.find(member.key());
      if (key == null) {
        continue;
      }
      if (MARKS.contains(key.name()) || (key.name().equals("Providers") && transforms(member))) {
        return true;
      }
    }
    return false;
  }

  private static boolean transforms(Node.Member providers) {
    return providers.value() instanceof Node.Array array
        && array.items().stream().anyMatch(ForeignPort::hasTransformer);
  }

  private static boolean hasTransformer(Node provider) {
    return provider instanceof Node.Obj object
        && object.members().stream().anyMatch(member -> member.key().equals("transformer"));
  }
}
