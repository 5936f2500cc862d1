package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of the file: finds values by key, regardless of case, and checks their types. JSON's
 * {@code null} counts as absent. What is wrong goes to the problems; the reader then sees
 * {@code null} and carries on, so that one run finds everything.
 */
final class Section {
  /** Printable ASCII and tabs inside: what any HTTP library sends and any server takes. */
  private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]([\\t -~]*[!-~])?");

  private static final Pattern REFERENCE =
      Pattern.compile("\\$([A-Za-z_]\\w*|\\{[A-Za-z_]\\w*})");

  private final String path;
  private final Node.Obj object;
  private final ConfigProblems problems;
  private final Map<String, Node> values = new HashMap<>();

  /**
   * Looks at every key: warns of unknown and unsupported ones, rejects repeated ones.
   *
   * @param path of the object, empty for the whole file
   * @param known the keys that are read
   * @param unsupported the keys that are known elsewhere and have no effect here
   */
  Section(
      String path,
      Node.Obj object,
      List<String> known,
      List<String> unsupported,
      ConfigProblems problems) {
    this.path = path;
    this.object = object;
    this.problems = problems;
    Map<String, Integer> lines = new HashMap<>();
    for (Node.Member member : object.members()) {
      String key = match(member.key(), known);
      String ignored = match(member.key(), unsupported);
      if (key != null) {
        keep(key, member, lines);
      } else if (ignored != null) {
        problems.warning(member.line(), path(ignored) + ": not supported yet: ignored");
      } else {
        unknown(member, known, unsupported);
      }
    }
  }

  private void keep(String key, Node.Member member, Map<String, Integer> lines) {
    if (!(member.value() instanceof Node.Word word && word.isNull())) {
      values.put(key, member.value());
    }
    Integer first = lines.putIfAbsent(key, member.line());
    if (first != null) {
      problems.problem(member.line(), path(key), "repeated", "once, as in line " + first);
    }
  }

  private static @Nullable String match(String key, List<String> names) {
    for (String name : names) {
      if (name.equalsIgnoreCase(key)) {
        return name;
      }
    }
    return null;
  }

  private void unknown(Node.Member member, List<String> known, List<String> unsupported) {
    List<String> candidates = new ArrayList<>(known);
    candidates.addAll(unsupported);
    String nearest = NearestName.of(member.key(), candidates);
    problems.warning(
        member.line(),
        path(ConfigProblems.printable(member.key()))
            + ": unknown key"
            + (nearest == null ? "" : " (nearest: " + nearest + ")"));
  }

  /** The line this object starts in. */
  int line() {
    return object.line();
  }

  /** How messages name the value of {@code key}. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The value, whatever its type; {@code null} if absent. */
  @Nullable Node get(String key) {
    return values.get(key);
  }

  Node.@Nullable Text text(String key) {
    Node node = get(key);
    if (node == null || node instanceof Node.Text) {
      return (Node.Text) node;
    }
    wrong(key, node, "a string");
    return null;
  }

  Node.@Nullable Array array(String key, String expected) {
    Node node = get(key);
    if (node == null || node instanceof Node.Array) {
      return (Node.Array) node;
    }
    problems.problem(node.line(), path(key), node.kind(), expected);
    return null;
  }

  Node.@Nullable Obj object(String key) {
    Node node = get(key);
    if (node == null || node instanceof Node.Obj) {
      return (Node.Obj) node;
    }
    problems.problem(node.line(), path(key), node.kind(), "an object");
    return null;
  }

  /** A key fit for an HTTP header; its value is in no message. */
  @Nullable Secret secret(String key) {
    Node node = get(key);
    if (node == null) {
      return null;
    }
    if (!(node instanceof Node.Text text)) {
      problems.problem(node.line(), path(key), "***", "a string");
      return null;
    }
    String value = text.value();
    if (!value.isEmpty() && !HEADER_VALUE.matcher(value).matches()) {
      problems.problem(
          node.line(), path(key), "***", "printable ASCII without blanks around it");
      return null;
    }
    if (REFERENCE.matcher(value).matches()) {
      problems.warning(
          node.line(),
          path(key) + ": reference to a variable: not supported yet: taken literally");
    }
    return Secret.of(value);
  }

  void missing(String key, String expected) {
    problems.problem(line(), path(key), "missing", expected);
  }

  void wrong(String key, Node value, String expected) {
    problems.problem(value.line(), path(key), value.shown(), expected);
  }
}
