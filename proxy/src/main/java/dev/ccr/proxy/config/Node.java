package dev.ccr.proxy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value of the file, whatever its format, and the line it starts in, counted from 1. */
sealed interface Node {
  int line();

  /** The value as a message shows it. Not for secrets. */
  String shown();

  /** What {@link #shown()} says, without the value. */
  default String kind() {
    return shown();
  }

  /** The whole number this value is or, as some write it, quotes; {@code null} if it is none. */
  default @Nullable Long integer() {
    return null;
  }

  private static @Nullable Long integer(String digits) {
    return digits.matches("-?[0-9]{1,18}") ? Long.valueOf(digits) : null;
  }

  /**
   * A string.
   *
   * @param value with the values of variables, which messages do not show: they are often secrets
   * @param source as the file spells it
   * @param written as a file spells it that has none of this one's own variables
   * @param unset the references that have no value
   */
  record Text(int line, String value, String source, String written, List<String> unset)
      implements Node {

    /** A string without references. */
    Text(int line, String value) {
      this(line, value, value, value, List.of());
    }

    Text prefixed(String prefix) {
      return new Text(line, prefix + value, prefix + source, prefix + written, unset);
    }

    boolean isEmpty() {
      return value.isEmpty();
    }

    @Override
    public String shown() {
      return ConfigProblems.quoted(source);
    }

    @Override
    public String kind() {
      return "a string";
    }

    @Override
    public @Nullable Long integer() {
      return Node.integer(value);
    }
  }

  /**
   * A number.
   *
   * @param literal as the file spells it
   */
  record Num(int line, String literal) implements Node {
    @Override
    public String shown() {
      return ConfigProblems.printable(literal);
    }

    @Override
    public String kind() {
      return "a number";
    }

    @Override
    public @Nullable Long integer() {
      return Node.integer(literal);
    }
  }

  /**
   * One of the three words that are neither strings nor numbers.
   *
   * @param literal {@code true}, {@code false} or {@code null}
   */
  record Word(int line, String literal) implements Node {
    @Override
    public String shown() {
      return literal;
    }

    boolean isNull() {
      return literal.equals("null");
    }
  }

  record Array(int line, List<Node> items) implements Node {
    @Override
    public String shown() {
      return "an array";
    }
  }

  record Obj(int line, List<Member> members) implements Node {
    @Override
    public String shown() {
      return "an object";
    }
  }

  /**
   * A key and its value.
   *
   * @param line where the key stands
   */
  record Member(int line, String key, Node value) {}
}
