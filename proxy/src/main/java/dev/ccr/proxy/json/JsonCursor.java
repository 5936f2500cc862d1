package dev.ccr.proxy.json;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Walks one complete JSON text in place and tells where its values stand, so that a caller can
 * read the few it needs and splice the others as the bytes they are.
 *
 * <p>Everything walked over, skipped values included, is held to RFC 8259: grammar, number
 * syntax, escapes, no raw control characters, and UTF-8 without overlong forms or surrogates. The
 * text is proven to be JSON only once {@link #end()} has returned. Duplicate names are not noticed
 * (section 4 leaves them open), and a byte order mark is refused (section 8.1).
 *
 * <p>The cursor stands in front of a value after {@code reset}, {@link #nextField} and {@link
 * #nextElement} when they return {@code true}; the value must then be read, skipped or entered
 * before anything else. Breaking this order is a bug in the caller: {@link
 * IllegalStateException}. After a {@link JsonSyntaxException} only {@code reset} makes sense.
 *
 * <p>All offsets are absolute indices of bytes in the buffer. Nothing is allocated but one small
 * view per buffer, and what {@link #stringValue} returns. Not thread-safe; may be reused.
 */
public final class JsonCursor {
  /** Containers that may be open at once (RFC 8259, section 9); one more is an error. */
  public static final int MAX_DEPTH = JsonNesting.LIMIT;

  /** The kinds of value of RFC 8259, section 3. */
  public enum Kind { OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE, NULL }

  private enum Place { AT_VALUE, CONTAINER_START, BEHIND_VALUE }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final long SPACES = 1L << ' ' | 1L << '\t' | 1L << '\r' | 1L << '\n';
  private static final int END = -1000; // no byte

  private final JsonNesting nesting = new JsonNesting();
  private ByteBuffer text = NOTHING;
  private int limit;
  private int position;
  private Place place = Place.AT_VALUE;
  private int keyStart;
  private int keyEnd;
  private boolean keyEscaped;
  private int valueStart;
  private int valueEnd;
  private boolean valueEscaped;

  /**
   * Starts on another text. The buffer is borrowed until the next {@code reset} or {@link #clear};
   * its position, limit and byte order are neither used nor changed. One that has all of its bytes
   * and is little-endian is used as it is, and must stay so; of others a view is made.
   *
   * @param from offset of the text's first byte
   * @param to offset behind its last byte, at most the buffer's capacity
   */
  public void reset(ByteBuffer text, int from, int to) {
    Objects.checkFromToIndex(from, to, text.capacity());
    boolean asItIs = text.order() == ByteOrder.LITTLE_ENDIAN && text.limit() == text.capacity();
    this.text = asItIs ? text : text.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
    reset(from, to);
  }

  /** Starts on another range of the same buffer, such as a value whose place was noted earlier. */
  public void reset(int from, int to) {
    Objects.checkFromToIndex(from, to, text.capacity());
    nesting.clear();
    limit = to;
    position = skipSpace(from);
    place = Place.AT_VALUE;
    keyStart = keyEnd = valueStart = valueEnd = from;
  }

  /** Lets go of the buffer. */
  public void clear() {
    text = NOTHING;
    reset(0, 0);
  }

  /** The kind of the next value, told by its first byte. */
  public Kind peek() throws JsonSyntaxException {
    requireValue();
    int first = byteAt(position);
    return switch (first) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 't' -> Kind.TRUE;
      case 'f' -> Kind.FALSE;
      case 'n' -> Kind.NULL;
      default -> {
        if (first != '-' && (first < '0' || first > '9')) {
          throw new JsonSyntaxException("a value", position);
        }
        yield Kind.NUMBER;
      }
    };
  }

  /** Enters an object; {@link #nextField} then leads through it. */
  public void enterObject() throws JsonSyntaxException {
    require('{', "an object");
    open(true);
  }

  /** Enters an array; {@link #nextElement} then leads through it. */
  public void enterArray() throws JsonSyntaxException {
    require('[', "an array");
    open(false);
  }

  /**
   * Goes on to the next field of the object entered last.
   *
   * @return {@code true} in front of the field's value, {@code false} behind the closing brace
   */
  public boolean nextField() throws JsonSyntaxException {
    requireOpen(nesting.inObject());
    int at = nextItem('}', "',' or '}'");
    if (at < 0) {
      return false;
    }
    if (byteAt(at) != '"') {
      boolean first = place == Place.CONTAINER_START;
      throw new JsonSyntaxException(first ? "'\"' or '}'" : "'\"'", at);
    }
    int end = JsonStrings.scan(text, at + 1, limit);
    keyStart = at + 1;
    keyEscaped = end < 0;
    keyEnd = keyEscaped ? ~end : end;
    at = skipSpace(keyEnd + 1);
    if (byteAt(at) != ':') {
      throw new JsonSyntaxException("':'", at);
    }
    position = skipSpace(at + 1);
    place = Place.AT_VALUE;
    return true;
  }

  /**
   * Goes on to the next element of the array entered last.
   *
   * @return {@code true} in front of the element, {@code false} behind the closing bracket
   */
  public boolean nextElement() throws JsonSyntaxException {
    requireOpen(nesting.inArray());
    int at = nextItem(']', "',' or ']'");
    if (at < 0) {
      return false;
    }
    position = at;
    place = Place.AT_VALUE;
    return true;
  }

  /**
   * Whether the field found last by {@link #nextField} has this name, however it is escaped.
   * Skipping the field's value leaves the name in force; entering it does not.
   */
  public boolean keyIs(String ascii) {
    return JsonStrings.equal(text, keyStart, keyEnd, keyEscaped, ascii);
  }

  /** Offset of the first byte of the field's name as it is written, behind the quote. */
  public int keyStart() {
    return keyStart;
  }

  /** Offset of the quote behind the field's name. */
  public int keyEnd() {
    return keyEnd;
  }

  /** Passes a value of any kind, with all it holds. */
  public void skipValue() throws JsonSyntaxException {
    requireValue();
    int start = position;
    int floor = nesting.depth();
    int outerStart = keyStart;
    int outerEnd = keyEnd;
    boolean outerEscaped = keyEscaped;
    readOrEnter();
    while (nesting.depth() > floor) {
      if (nesting.inObject() ? nextField() : nextElement()) {
        readOrEnter();
      }
    }
    keyStart = outerStart;
    keyEnd = outerEnd;
    keyEscaped = outerEscaped;
    valueStart = start;
    valueEnd = position;
  }

  /** Passes a string; see {@link #stringValue}, {@link #stringIs} and {@link #valueStart}. */
  public void readString() throws JsonSyntaxException {
    require('"', "a string");
    string();
  }

  /** Reads {@code true} or {@code false}. */
  public boolean readBoolean() throws JsonSyntaxException {
    requireValue();
    boolean value = byteAt(position) == 't';
    literal(value ? "true" : "false", "a boolean");
    return value;
  }

  /** Passes {@code null}. */
  public void readNull() throws JsonSyntaxException {
    requireValue();
    literal("null", "null");
  }

  /** Reads a number written without fraction and exponent that fits a {@code long}. */
  public long readLong() throws JsonSyntaxException {
    if (peek() != Kind.NUMBER) {
      throw new JsonSyntaxException("a 64-bit integer", position);
    }
    int end = JsonNumbers.scan(text, position, limit);
    long value = JsonNumbers.parseLong(text, position, end);
    behind(end);
    return value;
  }

  /**
   * Reads any number as a whole one: a fraction is dropped, and what no {@code long} holds becomes
   * the nearest that one does.
   */
  public long readWhole() throws JsonSyntaxException {
    int start = position;
    try {
      return readLong();
    } catch (JsonSyntaxException e) { // nothing has moved: JSON has other numbers too
      skipValue();
      byte[] digits = new byte[valueEnd - start];
      text.get(start, digits);
      return (long) Double.parseDouble(new String(digits, StandardCharsets.US_ASCII));
    }
  }

  /** Offset of the first byte of the value read or skipped last; a string's opening quote. */
  public int valueStart() {
    return valueStart;
  }

  /** Offset behind that value's last byte; behind a string's closing quote. */
  public int valueEnd() {
    return valueEnd;
  }

  /** Whether the string read or skipped last holds escapes: if not, its bytes are its text. */
  public boolean stringHasEscapes() {
    requireString();
    return valueEscaped;
  }

  /** Whether the string read or skipped last says this, however it is escaped. */
  public boolean stringIs(String ascii) {
    requireString();
    return JsonStrings.equal(text, valueStart + 1, valueEnd - 1, valueEscaped, ascii);
  }

  /**
   * The string read or skipped last, decoded; allocates in proportion to it. Escapes that make up
   * half a surrogate pair are kept as they are.
   */
  public String stringValue() {
    requireString();
    return JsonStrings.decode(text, valueStart + 1, valueEnd - 1, valueEscaped);
  }

  /**
   * Where the cursor stands: at the first byte of the next value, or behind the last byte of what
   * was passed last. Taken before a container is entered and after it has been left, this is the
   * container's range.
   */
  public int position() {
    return position;
  }

  /** Makes sure that nothing but white space follows the one value of the text. */
  public void end() throws JsonSyntaxException {
    if (place != Place.BEHIND_VALUE || nesting.depth() > 0) {
      throw new IllegalStateException("the value has not been passed yet");
    }
    int at = skipSpace(position);
    if (at < limit) {
      throw new JsonSyntaxException("the end of the text", at);
    }
  }

  private void readOrEnter() throws JsonSyntaxException {
    switch (byteAt(position)) {
      case '{' -> open(true);
      case '[' -> open(false);
      case '"' -> string();
      case 't' -> literal("true", "true");
      case 'f' -> literal("false", "false");
      case 'n' -> literal("null", "null");
      default -> behind(JsonNumbers.scan(text, position, limit));
    }
  }

  private void open(boolean object) throws JsonSyntaxException {
    if (nesting.isFull()) {
      throw new JsonSyntaxException("at most " + MAX_DEPTH + " levels", position);
    }
    nesting.push(object);
    position++;
    place = Place.CONTAINER_START;
  }

  /** Passes the comma in front of an item; or the closing byte, and returns -1. */
  private int nextItem(char close, String commaOrClose) throws JsonSyntaxException {
    int at = skipSpace(position);
    int b = byteAt(at);
    if (b == close) {
      nesting.pop();
      position = at + 1;
      place = Place.BEHIND_VALUE;
      return -1;
    }
    if (place == Place.CONTAINER_START) {
      return at;
    }
    if (b != ',') {
      throw new JsonSyntaxException(commaOrClose, at);
    }
    return skipSpace(at + 1);
  }

  private void string() throws JsonSyntaxException {
    int end = JsonStrings.scan(text, position + 1, limit);
    valueEscaped = end < 0;
    behind((valueEscaped ? ~end : end) + 1);
  }

  private void literal(String word, String expected) throws JsonSyntaxException {
    for (int i = 0; i < word.length(); i++) {
      if (byteAt(position + i) != word.charAt(i)) {
        throw new JsonSyntaxException(expected, position);
      }
    }
    behind(position + word.length());
  }

  private void behind(int end) {
    valueStart = position;
    valueEnd = end;
    position = end;
    place = Place.BEHIND_VALUE;
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < limit && isSpace(text.get(at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte b) {
    return b >= 0 && b <= ' ' && (SPACES >>> b & 1) != 0;
  }

  private int byteAt(int at) {
    return at < limit ? text.get(at) : END;
  }

  private void requireValue() {
    if (place != Place.AT_VALUE) {
      throw new IllegalStateException("no value is next");
    }
  }

  private void require(char first, String expected) throws JsonSyntaxException {
    requireValue();
    if (byteAt(position) != first) {
      throw new JsonSyntaxException(expected, position);
    }
  }

  private void requireOpen(boolean inside) {
    if (!inside || place == Place.AT_VALUE) {
      throw new IllegalStateException(inside ? "a value has not been passed yet" : "not inside");
    }
  }

  private void requireString() {
    if (valueEnd - valueStart < 2 || text.get(valueStart) != '"') {
      throw new IllegalStateException("the last value is no string");
    }
  }
}
