package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The oldest form of the file: one upstream, described by three keys named like variables. Rewrites
 * it as what it means today, so that all checks are shared.
 */
final class OldFile {
  static final String API_KEY = "OPENAI_API_KEY";
  static final String BASE_URL = "OPENAI_BASE_URL";
  static final String MODEL = "OPENAI_MODEL";
  static final Set<String> KEYS = Set.of(API_KEY, BASE_URL, MODEL);

  private static final String NAME = "openai";
  private static final String PATH = "/chat/completions";

  private OldFile() {}

  /** The tree itself, unless it has no providers and at least one of the three keys. */
  static Node.Obj modern(Node.Obj tree) {
    List<Node.Member> rest = new ArrayList<>();
    List<Node.Member> provider = new ArrayList<>();
    Node.Text model = null;
    boolean routed = false;
    for (Node.Member member : tree.members()) {
      Keys.Key key = KnownKeys.ROOT.find(member.key());
      switch (key == null ? "" : key.name()) {
        case "Providers" -> {
          return tree;
        }
        case API_KEY -> provider.add(named("api_key", member));
        case BASE_URL ->
            provider.add(
                member.value() instanceof Node.Text base
                    ? new Node.Member(member.line(), "api_base_url", whole(base))
                    : named("api_base_url", member));
        case MODEL -> {
          provider.add(
              new Node.Member(
                  member.line(), "models", new Node.Array(member.line(), List.of(member.value()))));
          model = member.value() instanceof Node.Text text ? text : null;
        }
        default -> {
          routed |= key != null && key.name().equals("Router");
          rest.add(member);
        }
      }
    }
    if (provider.isEmpty()) {
      return tree;
    }
    int line = provider.getFirst().line();
    provider.add(new Node.Member(line, "name", new Node.Text(line, NAME)));
    Node.Obj object = new Node.Obj(line, provider);
    rest.add(new Node.Member(line, "Providers", new Node.Array(line, List.of(object))));
    if (!routed) {
      add(model, rest);
    }
    return new Node.Obj(tree.line(), rest);
  }

  /** Whether a key at the top is that of the providers: then the file is not of this form. */
  static boolean isProviders(String key) {
    Keys.Key known = KnownKeys.ROOT.find(key);
    return known != null && known.name().equals("Providers");
  }

  private static Node.Member named(String name, Node.Member member) {
    return new Node.Member(member.line(), name, member.value());
  }

  /** The old key held what libraries call a base: the path of the endpoint was appended. */
  private static Node.Text whole(Node.Text base) {
    String value = base.value().strip();
    if (value.endsWith(PATH)) {
      return base;
    }
    String path = value.endsWith("/") ? PATH.substring(1) : PATH;
    return new Node.Text(
        base.line(),
        value + path,
        base.source().strip() + path,
        base.written().strip() + path,
        base.unset());
  }

  private static void add(Node.@Nullable Text model, List<Node.Member> root) {
    if (model != null && !model.value().isBlank()) {
      Node.Text route = model.prefixed(NAME + ",");
      root.add(
          new Node.Member(
              model.line(),
              "Router",
              new Node.Obj(
                  model.line(), List.of(new Node.Member(model.line(), "default", route)))));
    }
  }
}
