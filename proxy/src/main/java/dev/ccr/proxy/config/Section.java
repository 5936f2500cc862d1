package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of the file: finds values by key, however it is spelled, and checks their types. A
 * {@code null} counts as absent. What is wrong goes to the problems; the reader then sees {@code
 * null} and carries on, so that one run finds everything.
 */
final class Section {
  private final String path;
  private final Node.Obj object;
  private final ConfigProblems problems;
  private final Map<String, Node> values = new HashMap<>();
  private final Map<String, String> spellings = new HashMap<>();

  /**
   * Looks at every key: warns of unknown and ignored ones, rejects repeated ones.
   *
   * @param path of the object, empty for the whole file
   */
  Section(String path, Node.Obj object, Keys keys, ConfigProblems problems) {
    this.path = path;
    this.object = object;
    this.problems = problems;
    Map<String, Integer> lines = new HashMap<>();
    for (Node.Member member : object.members()) {
      Keys.Key key = keys.find(member.key());
      if (key == null) {
        unknown(member, keys);
        continue;
      }
      switch (key.use()) {
        case READ, SECRET -> keep(key, member, lines);
        case IGNORED -> ignore(key, member);
        case PASSED_OVER -> {}
      }
    }
  }

  private void ignore(Keys.Key key, Node.Member member) {
    if (saysSomething(member.value())) {
      problems.warning(member.line(), path(key.name()) + ": " + key.reason());
    }
  }

  private void keep(Keys.Key key, Node.Member member, Map<String, Integer> lines) {
    if (!key.name().equalsIgnoreCase(member.key())) {
      spellings.put(key.name(), member.key());
    }
    if (!(member.value() instanceof Node.Word word && word.isNull())) {
      values.put(key.name(), member.value());
    }
    Integer first = lines.putIfAbsent(key.name(), member.line());
    if (first != null) {
      problems.problem(member.line(), path(key.name()), "repeated", "once, as in line " + first);
    }
    if (key.use() == Keys.Use.READ) {
      warnOfUnset(path(key.name()), member.value());
    }
  }

  /** Front ends write what is not set as empty strings and lists. */
  private static boolean saysSomething(Node value) {
    return switch (value) {
      case Node.Text text -> !text.isEmpty();
      case Node.Word word -> !word.isNull();
      case Node.Array array -> !array.items().isEmpty();
      default -> true;
    };
  }

  private void warnOfUnset(String where, Node value) {
    if (value instanceof Node.Text text) {
      for (String reference : text.unset()) {
        problems.warning(
            text.line(),
            where + ": " + ConfigProblems.printable(reference)
                + ": variable not set: taken literally");
      }
    } else if (value instanceof Node.Array array) {
      for (int i = 0; i < array.items().size(); i++) {
        warnOfUnset(where + "[" + i + "]", array.items().get(i));
      }
    }
  }

  private void unknown(Node.Member member, Keys keys) {
    String nearest = NearestName.of(member.key(), keys.spellings());
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
    String spelled = spellings.getOrDefault(key, key);
    return path.isEmpty() ? spelled : path + "." + spelled;
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

  /**
   * The strings of an array, stripped; those at fault are left out.
   *
   * @param expected what each is, if it is not blank
   */
  List<String> strings(String key, String expected) {
    List<String> strings = new ArrayList<>();
    Node.Array array = array(key, "an array of strings");
    List<Node> items = array == null ? List.of() : array.items();
    for (int i = 0; i < items.size(); i++) {
      Node item = items.get(i);
      String where = path(key) + "[" + i + "]";
      if (!(item instanceof Node.Text text)) {
        problems.problem(item.line(), where, item.shown(), "a string");
      } else if (text.value().isBlank()) {
        problems.problem(item.line(), where, item.shown(), expected);
      } else {
        strings.add(text.value().strip());
      }
    }
    return strings;
  }

  /** The value; {@code null} if absent, or an empty string, which front ends write for that. */
  @Nullable Node filled(String key) {
    Node node = get(key);
    return node instanceof Node.Text text && text.value().isBlank() ? null : node;
  }

  /** As {@link #count}, and 0 is as good as absent: other routers take it for their default. */
  @Nullable Long countUnlessZero(String key, String unit) {
    Node node = filled(key);
    Long count = node == null ? null : node.integer();
    return count != null && count == 0 ? null : count(key, unit);
  }

  /**
   * A positive whole number, or a string of its digits.
   *
   * @param unit what is counted, in messages
   */
  @Nullable Long count(String key, String unit) {
    return count(key, unit, 1, Integer.MAX_VALUE);
  }

  /** As {@link #count}, but 0 has a meaning of its own. */
  @Nullable Long countOrZero(String key, String unit) {
    return count(key, unit, 0, Integer.MAX_VALUE);
  }

  /**
   * As {@link #count(String, String)}.
   *
   * @param most the greatest that is taken
   */
  @Nullable Long count(String key, String unit, int most) {
    return count(key, unit, 1, most);
  }

  private @Nullable Long count(String key, String unit, int least, int most) {
    Node node = filled(key);
    if (node == null) {
      return null;
    }
    Long count = node.integer();
    if (count == null || count < least || count > most) {
      wrong(key, node, unit + ", " + least + " to " + most);
      return null;
    }
    return count;
  }

  /** {@code true} or {@code false}; {@code false} if absent. */
  boolean flag(String key) {
    Node node = filled(key);
    if (node == null) {
      return false;
    }
    if (node instanceof Node.Word word
        && (word.literal().equals("true") || word.literal().equals("false"))) {
      return word.literal().equals("true");
    }
    wrong(key, node, "true or false");
    return false;
  }

  void missing(String key, String expected) {
    problems.problem(line(), path(key), "missing", expected);
  }

  void wrong(String key, Node value, String expected) {
    problems.problem(value.line(), path(key), value.shown(), expected);
  }
}
