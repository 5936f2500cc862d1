package dev.ccr.proxy.config;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which dialects the configuration says that hosts speak. Immutable. */
record DomainMappings(Map<String, Hint> byHost) {
  private static final String KEY = "domain_mappings";

  DomainMappings {
    byHost = Map.copyOf(byHost);
  }

  static DomainMappings read(Section root, ConfigProblems problems) {
    Map<String, Hint> byHost = new HashMap<>();
    Node.Obj object = root.object(KEY);
    for (Node.Member member : object == null ? List.<Node.Member>of() : object.members()) {
      String path = KEY + "." + ConfigProblems.printable(member.key());
      Hint hint = hint(member.value(), path, problems);
      if (hint != null) {
        byHost.put(member.key().strip().toLowerCase(Locale.ROOT), hint);
      }
    }
    return new DomainMappings(byHost);
  }

  private static @Nullable Hint hint(Node value, String path, ConfigProblems problems) {
    if (!(value instanceof Node.Text text)) {
      problems.problem(value.line(), path, value.shown(), "a string");
      return null;
    }
    Hint hint = Hint.named(text.value().strip());
    if (hint == null) {
      String nearest = NearestName.of(text.value().strip(), Hint.dialects());
      problems.problem(
          value.line(),
          path,
          value.shown(),
          "one of "
              + String.join(", ", Hint.dialects())
              + (nearest == null ? "" : "; nearest: " + nearest));
    }
    return hint;
  }

  /** What is said of the host of a URL, or {@code null}. */
  @Nullable Hint of(URI url) {
    return byHost.get(String.valueOf(url.getHost()).toLowerCase(Locale.ROOT));
  }
}
