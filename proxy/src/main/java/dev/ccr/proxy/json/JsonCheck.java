package dev.ccr.proxy.json;

import java.util.Objects;

/**
 * Tells of a JSON text that arrives in pieces of UTF-16, cut anywhere, whether it is whole, still
 * on its way, or broken: the input of a tool call, which a model may leave unfinished.
 *
 * <p>The grammar is that of RFC 8259, and of {@link JsonCursor}, with the same limit of {@link
 * JsonCursor#MAX_DEPTH} open containers. Surrogates need not pair up. The memory is fixed, and
 * feeding allocates nothing. Not thread-safe.
 */
public final class JsonCheck {
  private enum State {
    VALUE, FIRST_ELEMENT, FIRST_NAME, NAME, COLON, BEHIND_VALUE,
    STRING, ESCAPE, HEX, LITERAL,
    MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS,
    BROKEN
  }

  private final JsonNesting nesting = new JsonNesting();
  private State state = State.VALUE;
  private boolean object;
  private boolean inName;
  private int hexDigits;
  private String literal = "";
  private int literalLength;

  /** Takes the next piece; the array is only read. */
  public void feed(char[] chars, int offset, int length) {
    int end = Objects.checkFromIndexSize(offset, length, chars.length) + length;
    for (int i = offset; i < end && state != State.BROKEN; i++) {
      char c = chars[i];
      if (state != State.STRING) {
        state = next(c);
      } else if (c == '"') {
        state = inName ? State.COLON : State.BEHIND_VALUE;
      } else if (c == '\\') {
        state = State.ESCAPE;
      } else if (c < ' ') {
        state = State.BROKEN;
      }
    }
  }

  /**
   * Whether the pieces make up exactly one value. More may follow all the same: white space, or
   * the next digit if the value is a number.
   */
  public boolean isComplete() {
    return nesting.depth() == 0 && (state == State.BEHIND_VALUE || isWholeNumber());
  }

  /** Whether nothing that follows could make this JSON. */
  public boolean isBroken() {
    return state == State.BROKEN;
  }

  /** Whether there was nothing but white space so far. */
  public boolean isBlank() {
    return nesting.depth() == 0 && state == State.VALUE;
  }

  /** Whether the value began as an object. */
  public boolean isObject() {
    return object;
  }

  /** Starts on another text. */
  public void reset() {
    nesting.clear();
    state = State.VALUE;
    object = false;
  }

  private State next(char c) {
    return switch (state) {
      case VALUE, FIRST_ELEMENT, FIRST_NAME, NAME, COLON, BEHIND_VALUE ->
          isSpace(c) ? state : token(c);
      case ESCAPE -> escape(c);
      case HEX -> hex(c);
      case LITERAL -> literal(c);
      case MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS ->
          number(c);
      case STRING, BROKEN -> state; // feed() keeps these
    };
  }

  private State token(char c) {
    return switch (state) {
      case VALUE -> value(c);
      case FIRST_ELEMENT -> c == ']' ? close() : value(c);
      case FIRST_NAME -> c == '}' ? close() : name(c);
      case NAME -> name(c);
      case COLON -> c == ':' ? State.VALUE : State.BROKEN;
      default -> behindValue(c);
    };
  }

  private State value(char c) {
    inName = false;
    return switch (c) {
      case '{' -> open(true);
      case '[' -> open(false);
      case '"' -> State.STRING;
      case 't' -> startLiteral("true");
      case 'f' -> startLiteral("false");
      case 'n' -> startLiteral("null");
      case '-' -> State.MINUS;
      default -> firstDigit(c);
    };
  }

  private State open(boolean asObject) {
    if (nesting.isFull()) {
      return State.BROKEN;
    }
    object |= asObject && nesting.depth() == 0;
    nesting.push(asObject);
    return asObject ? State.FIRST_NAME : State.FIRST_ELEMENT;
  }

  private State close() {
    nesting.pop();
    return State.BEHIND_VALUE;
  }

  private State name(char c) {
    inName = true;
    return c == '"' ? State.STRING : State.BROKEN;
  }

  private State behindValue(char c) {
    if (nesting.inObject()) {
      return c == ',' ? State.NAME : c == '}' ? close() : State.BROKEN;
    }
    if (nesting.inArray()) {
      return c == ',' ? State.VALUE : c == ']' ? close() : State.BROKEN;
    }
    return State.BROKEN; // a second value
  }

  private State escape(char c) {
    return switch (c) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> State.STRING;
      case 'u' -> {
        hexDigits = 0;
        yield State.HEX;
      }
      default -> State.BROKEN;
    };
  }

  private State hex(char c) {
    if (!isDigit(c) && ((c | 0x20) < 'a' || (c | 0x20) > 'f')) {
      return State.BROKEN;
    }
    hexDigits++;
    return hexDigits == 4 ? State.STRING : State.HEX;
  }

  private State startLiteral(String word) {
    literal = word;
    literalLength = 1;
    return State.LITERAL;
  }

  private State literal(char c) {
    if (c != literal.charAt(literalLength)) {
      return State.BROKEN;
    }
    literalLength++;
    return literalLength == literal.length() ? State.BEHIND_VALUE : State.LITERAL;
  }

  private State number(char c) {
    return switch (state) {
      case MINUS -> firstDigit(c);
      case POINT -> isDigit(c) ? State.FRACTION : State.BROKEN;
      case EXPONENT -> c == '+' || c == '-' ? State.EXPONENT_SIGN : exponentDigit(c);
      case EXPONENT_SIGN -> exponentDigit(c);
      default -> inWholeNumber(c);
    };
  }

  private State inWholeNumber(char c) {
    if (isDigit(c) && state != State.ZERO) {
      return state;
    }
    boolean integer = state == State.ZERO || state == State.INTEGER;
    if (c == '.' && integer) {
      return State.POINT;
    }
    if ((c == 'e' || c == 'E') && state != State.EXPONENT_DIGITS) {
      return State.EXPONENT;
    }
    return isSpace(c) ? State.BEHIND_VALUE : behindValue(c);
  }

  private boolean isWholeNumber() {
    return state == State.ZERO
        || state == State.INTEGER
        || state == State.FRACTION
        || state == State.EXPONENT_DIGITS;
  }

  private static State firstDigit(char c) {
    return c == '0' ? State.ZERO : isDigit(c) ? State.INTEGER : State.BROKEN;
  }

  private static State exponentDigit(char c) {
    return isDigit(c) ? State.EXPONENT_DIGITS : State.BROKEN;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
}
