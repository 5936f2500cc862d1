package dev.ccr.proxy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON value and the line it starts in, counted from 1. */
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

  record Text(int line, String value) implements Node {
    @Override
    public String shown() {
      return ConfigProblems.quoted(value);
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
   * One of JSON's three words.
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
