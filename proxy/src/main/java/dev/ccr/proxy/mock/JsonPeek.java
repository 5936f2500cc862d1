package dev.ccr.proxy.mock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds its way through a JSON text by the offsets of its values; -1 stands for a value that is
 * absent. Nothing is kept and nothing is decoded but the strings asked for. It checks that strings
 * and brackets match, and no more. Not thread-safe.
 */
final class JsonPeek {
  private final ByteBuffer json;

  /** @param json the whole text, borrowed; read by absolute offsets */
  JsonPeek(ByteBuffer json) {
    this.json = json;
  }

  /**
   * Where the text begins.
   *
   * @throws IllegalArgumentException if it is not a JSON object
   */
  int start() {
    int at = blank(0);
    expect(at, '{');
    return at;
  }

  /** Checks that this is the bracket that closes the text, and that nothing comes behind it. */
  void end(int bracket) {
    expect(bracket, '}');
    if (blank(bracket + 1) != json.limit()) {
      throw malformed(bracket + 1);
    }
  }

  /** From an opening bracket to the first key or element, or to the closing bracket. */
  int inside(int bracket) {
    return blank(bracket + 1);
  }

  /** From a value to the next key or element, or to the closing bracket. */
  int behind(int value) {
    int at = blank(skip(value));
    return byteAt(at) == ',' ? blank(at + 1) : at;
  }

  /** Whether there is a closing bracket. */
  boolean closes(int at) {
    byte b = byteAt(at);
    return b == '}' || b == ']';
  }

  /** From a key to its value. */
  int value(int key) {
    expect(key, '"');
    int colon = blank(skip(key));
    expect(colon, ':');
    return blank(colon + 1);
  }

  boolean isKey(int at, String name) {
    int end = at + name.length() + 1;
    if (end >= json.limit() || json.get(end) != '"') {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (json.get(at + 1 + i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The value of a member; absent too if there is no object at the offset. */
  int member(int object, String name) {
    if (object < 0 || json.get(object) != '{') {
      return -1;
    }
    for (int at = inside(object); !closes(at); ) {
      int value = value(at);
      if (isKey(at, name)) {
        return value;
      }
      at = behind(value);
    }
    return -1;
  }

  /** The first element; absent too if there is no array at the offset. */
  int first(int array) {
    return array >= 0 && json.get(array) == '[' ? elementAt(inside(array)) : -1;
  }

  /** The element behind this one. */
  int next(int element) {
    return elementAt(behind(element));
  }

  boolean isString(int value) {
    return value >= 0 && json.get(value) == '"';
  }

  boolean isTrue(int value) {
    return value >= 0 && json.get(value) == 't';
  }

  /** A string with its escapes as they are; empty if there is none. */
  String string(int value) {
    if (!isString(value)) {
      return "";
    }
    int end = skip(value) - 1;
    return StandardCharsets.UTF_8.decode(json.slice(value + 1, end - value - 1)).toString();
  }

  /** A string member of an object; empty if there is none. */
  String string(int object, String name) {
    return string(member(object, name));
  }

  private int elementAt(int at) {
    return closes(at) ? -1 : at;
  }

  /** From a value to the byte behind it. */
  private int skip(int value) {
    int depth = 0;
    int at = value;
    do {
      switch (byteAt(at)) {
        case '"' -> at = skipString(at);
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':', ' ', '\t', '\n', '\r' -> at++;
        default -> at = skipLiteral(at);
      }
    } while (depth > 0);
    if (depth < 0) {
      throw malformed(value);
    }
    return at;
  }

  private int skipString(int quote) {
    int at = quote + 1;
    for (byte b = byteAt(at); b != '"'; b = byteAt(at)) {
      at += b == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private int skipLiteral(int start) {
    int at = start;
    while (at < json.limit() && " \t\r\n,:]}\"".indexOf(json.get(at)) < 0) {
      at++;
    }
    return at;
  }

  private int blank(int from) {
    int at = from;
    while (at < json.limit() && json.get(at) <= ' ' && json.get(at) >= 0) {
      at++;
    }
    return at;
  }

  private void expect(int at, char wanted) {
    if (byteAt(at) != wanted) {
      throw malformed(at);
    }
  }

  private byte byteAt(int at) {
    if (at >= json.limit()) {
      throw malformed(at);
    }
    return json.get(at);
  }

  private IllegalArgumentException malformed(int at) {
    return new IllegalArgumentException("body: broken at byte " + at + " (expected: JSON object)");
  }
}
