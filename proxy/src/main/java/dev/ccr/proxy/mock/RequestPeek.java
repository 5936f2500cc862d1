package dev.ccr.proxy.mock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the few things the scenarios go by from a request body of either wire format. One pass over
 * the bytes finds the top-level members; nothing is decoded but the strings asked for. It checks
 * that strings and brackets match, and no more.
 */
final class RequestPeek {
  private final ByteBuffer json;
  private int model = -1; // offsets of values, -1 for an absent member
  private int stream = -1;
  private int messages = -1;

  /**
   * @param json the whole body, borrowed; read by absolute offsets
   * @throws IllegalArgumentException if it is not a JSON object
   */
  RequestPeek(ByteBuffer json) {
    this.json = json;
    int at = blank(0);
    expect(at, '{');
    for (at = blank(at + 1); byteAt(at) != '}'; at = comma(at)) {
      int value = value(at);
      if (isKey(at, "\"model\"")) {
        model = value;
      } else if (isKey(at, "\"stream\"")) {
        stream = value;
      } else if (isKey(at, "\"messages\"")) {
        messages = value;
      }
      at = skip(value);
    }
    if (blank(at + 1) != json.limit()) {
      throw malformed(at + 1);
    }
  }

  /** The model's name with its escapes as they are; empty if there is none. */
  String model() {
    return string(model);
  }

  /** Whether {@code stream} is {@code true}. */
  boolean isStream() {
    return stream >= 0 && json.get(stream) == 't';
  }

  /** Whether the result of a tool came after the last message of the assistant. */
  boolean hasToolResult() {
    boolean found = false;
    int at = firstOf(messages);
    while (at >= 0) {
      String role = string(member(at, "\"role\""));
      if (role.equals("assistant")) {
        found = false;
      } else if (role.equals("tool")) {
        found = true;
      } else {
        found |= part(at, "tool_result") >= 0;
      }
      at = nextOf(at);
    }
    return found;
  }

  /**
   * The text of the last user message that has one, its last part if it has several, with its
   * escapes as they are: fit to stand between the quotes of another JSON string.
   */
  String lastUserText() {
    String text = "";
    int at = firstOf(messages);
    while (at >= 0) {
      if (string(member(at, "\"role\"")).equals("user")) {
        int content = member(at, "\"content\"");
        int part = part(at, "text");
        int found = part >= 0 ? member(part, "\"text\"") : content;
        text = isString(found) ? string(found) : text;
      }
      at = nextOf(at);
    }
    return text;
  }

  /** The last part with this type in the content of a message, or -1. */
  private int part(int message, String type) {
    int found = -1;
    int at = firstOf(member(message, "\"content\""));
    while (at >= 0) {
      if (string(member(at, "\"type\"")).equals(type)) {
        found = at;
      }
      at = nextOf(at);
    }
    return found;
  }

  /** The value of a member, or -1: also if there is no object at the offset. */
  private int member(int object, String quotedKey) {
    if (object < 0 || json.get(object) != '{') {
      return -1;
    }
    int at = blank(object + 1);
    while (byteAt(at) != '}') {
      int value = value(at);
      if (isKey(at, quotedKey)) {
        return value;
      }
      at = comma(skip(value));
    }
    return -1;
  }

  /** The first element, or -1: also if there is no array at the offset. */
  private int firstOf(int array) {
    if (array < 0 || json.get(array) != '[') {
      return -1;
    }
    int at = blank(array + 1);
    return byteAt(at) == ']' ? -1 : at;
  }

  /** The element after this one, or -1. */
  private int nextOf(int element) {
    int at = comma(skip(element));
    return byteAt(at) == ']' ? -1 : at;
  }

  private boolean isString(int value) {
    return value >= 0 && json.get(value) == '"';
  }

  private String string(int value) {
    if (!isString(value)) {
      return "";
    }
    int end = skip(value) - 1;
    return StandardCharsets.UTF_8.decode(json.slice(value + 1, end - value - 1)).toString();
  }

  private boolean isKey(int at, String quotedKey) {
    if (json.limit() - at < quotedKey.length()) {
      return false;
    }
    for (int i = 0; i < quotedKey.length(); i++) {
      if (json.get(at + i) != quotedKey.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** From a key to its value. */
  private int value(int key) {
    expect(key, '"');
    int colon = blank(skip(key));
    expect(colon, ':');
    return blank(colon + 1);
  }

  /** From the end of an element to the next one, or to the closing bracket. */
  private int comma(int end) {
    int at = blank(end);
    return byteAt(at) == ',' ? blank(at + 1) : at;
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
