package dev.ccr.proxy.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in place of {@code $NAME} and <code>${NAME}</code>: those of the environment, or else
 * those of strings at the top of the file. What is unknown stays as it is, and its text says so.
 * One a read; not thread-safe.
 */
final class Variables {
  /** Without braces a name has capitals only, so that few other dollars are taken for one. */
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:\\{([^{}]+)}|([A-Z_][A-Z0-9_]*))");

  /**
   * What a variable stands for.
   *
   * @param written what stands for it where the file's own variables are not known
   */
  private record Value(String value, String written) {}

  private final Map<String, String> env;
  private final Map<String, Value> file = new HashMap<>();
  private final Set<String> usedOfFile = new HashSet<>();
  private boolean literal;

  Variables(Map<String, String> env) {
    this.env = env;
  }

  /** The same tree with all references resolved, and without the strings that only served them. */
  Node.Obj resolve(Node.Obj tree) {
    file.putAll(variables(tree)); // only now: their own references are those of the environment
    Node.Obj resolved = object(tree);
    literal =
        tree.members().stream()
            .filter(member -> usedOfFile.contains(member.key()))
            .anyMatch(member -> !isReference(member.value()));
    return new Node.Obj(
        resolved.line(),
        resolved.members().stream().filter(member -> !usedOfFile.contains(member.key())).toList());
  }

  private Map<String, Value> variables(Node.Obj tree) {
    boolean old = tree.members().stream().noneMatch(member -> OldFile.isProviders(member.key()));
    Map<String, Value> variables = new HashMap<>();
    for (Node.Member member : tree.members()) {
      boolean known = OldFile.KEYS.contains(member.key()) ? old : isKnown(member.key());
      if (!known && member.value() instanceof Node.Text raw) {
        Node.Text text = text(raw);
        if (text.unset().isEmpty() && !text.isEmpty()) {
          variables.putIfAbsent(member.key(), new Value(text.value(), text.written()));
        }
      }
    }
    return variables;
  }

  private static boolean isReference(Node node) {
    return node instanceof Node.Text text && REFERENCE.matcher(text.value()).matches();
  }

  private static boolean isKnown(String key) {
    return KnownKeys.ROOT.find(key) != null;
  }

  /** Whether the file itself holds a value that was asked for: most likely a key. */
  boolean cameFromTheFile() {
    return literal;
  }

  private Node node(Node node) {
    // No switch over types here: the JVM makes a class for it at each start, for 15 ms and more.
    if (node instanceof Node.Text text) {
      return text(text);
    }
    if (node instanceof Node.Obj object) {
      return object(object);
    }
    return node instanceof Node.Array array
        ? new Node.Array(array.line(), array.items().stream().map(this::node).toList())
        : node;
  }

  private Node.Obj object(Node.Obj object) {
    return new Node.Obj(
        object.line(),
        object.members().stream()
            .map(each -> new Node.Member(each.line(), each.key(), node(each.value())))
            .toList());
  }

  private Node.Text text(Node.Text text) {
    if (text.value().indexOf('$') < 0) {
      return text;
    }
    List<String> unset =
        REFERENCE
            .matcher(text.value())
            .results()
            .filter(reference -> value(reference) == null)
            .map(MatchResult::group)
            .toList();
    return new Node.Text(
        text.line(),
        replaced(text.value(), Value::value),
        text.value(),
        replaced(text.value(), Value::written),
        unset);
  }

  private String replaced(String text, Function<Value, String> form) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            reference -> {
              Value value = value(reference);
              return Matcher.quoteReplacement(
                  value == null ? reference.group() : form.apply(value));
            });
  }

  private @Nullable Value value(MatchResult reference) {
    String braced = reference.group(1);
    String name = braced == null ? reference.group(2) : braced;
    String ofEnvironment = env.getOrDefault(name, "");
    if (!ofEnvironment.isEmpty()) {
      return new Value(ofEnvironment, "${" + name + "}"); // braces: whatever follows
    }
    Value ofFile = file.get(name);
    if (ofFile != null) {
      usedOfFile.add(name);
    }
    return ofFile;
  }
}
