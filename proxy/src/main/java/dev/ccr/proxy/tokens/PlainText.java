package dev.ccr.proxy.tokens;

import java.nio.ByteBuffer;

/**
 * Reads what a range of a body says, in UTF-8, a bufferful at a time. Strings are read without
 * their escapes. JSON is read without white space, and with no character escaped that can stand
 * for itself. Halves of surrogate pairs, which UTF-8 cannot carry, are question marks. The range
 * must be known to be proper JSON. Used again; not thread-safe.
 */
final class PlainText {

  /** The most that one step writes. */
  private static final int LONGEST_STEP = 6;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private ByteBuffer body = NOTHING;
  private int position;
  private int end;
  private boolean json;
  private boolean quoted;
  private byte[] out = {};
  private int length;

  /** Starts on another range of a body, borrowed until the next. */
  void reset(ByteBuffer body, Form form, int start, int end) {
    this.body = body;
    this.position = start;
    this.end = end;
    json = form == Form.JSON;
    quoted = false;
  }

  /** Whether all of the range has been read. */
  boolean atEnd() {
    return position == end;
  }

  /**
   * Reads on until the array is full but for a few bytes, or the range ends.
   *
   * @param from where to begin in the array
   * @return where the bytes end
   */
  int fill(byte[] to, int from) {
    out = to;
    length = from;
    int room = to.length - LONGEST_STEP;
    if (json) {
      while (position < end && length <= room) {
        stepJson();
      }
    } else {
      while (position < end && length <= room) {
        copyRun(room);
      }
    }
    return length;
  }

  /** Copies up to an escape, and reads that too. */
  private void copyRun(int room) {
    int at = position;
    int to = length;
    int stop = Math.min(end, at + room - to + 1);
    while (at < stop) {
      byte b = body.get(at++);
      if (b == '\\') {
        position = at;
        length = to;
        escape();
        return;
      }
      out[to++] = b;
    }
    position = at;
    length = to;
  }

  private void stepJson() {
    byte b = body.get(position++);
    if (!quoted) {
      quoted = b == '"';
      if (b > ' ' || b < 0) {
        out[length++] = b;
      }
    } else if (b == '\\') {
      if (body.get(position) == 'u' && unit(position + 1) >= 0x80) {
        position++;
        character();
      } else {
        out[length++] = b;
        out[length++] = body.get(position++);
      }
    } else {
      quoted = b != '"';
      out[length++] = b;
    }
  }

  private void escape() {
    byte letter = body.get(position++);
    switch (letter) {
      case 'u' -> character();
      case 'b' -> out[length++] = '\b';
      case 'f' -> out[length++] = '\f';
      case 'n' -> out[length++] = '\n';
      case 'r' -> out[length++] = '\r';
      case 't' -> out[length++] = '\t';
      default -> out[length++] = letter;
    }
  }

  /** Reads four digits, and another escape if the first is half a pair. */
  private void character() {
    int c = unit(position);
    position += 4;
    if (c < 0x80) {
      out[length++] = (byte) c;
    } else if (c < 0x800) {
      out[length++] = (byte) (0xC0 | (c >> 6));
      out[length++] = (byte) (0x80 | (c & 0x3F));
    } else if (c >> 11 != 0xD800 >> 11) {
      out[length++] = (byte) (0xE0 | (c >> 12));
      out[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      out[length++] = (byte) (0x80 | (c & 0x3F));
    } else {
      surrogate((char) c);
    }
  }

  private void surrogate(char first) {
    boolean escaped = position + 6 <= end && body.get(position) == '\\'
        && body.get(position + 1) == 'u';
    char second = escaped ? (char) unit(position + 2) : 0;
    if (!Character.isSurrogatePair(first, second)) {
      out[length++] = '?';
      return;
    }
    position += 6;
    int c = Character.toCodePoint(first, second);
    out[length++] = (byte) (0xF0 | (c >> 18));
    out[length++] = (byte) (0x80 | ((c >> 12) & 0x3F));
    out[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
    out[length++] = (byte) (0x80 | (c & 0x3F));
  }

  private int unit(int at) {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      unit = unit << 4 | Character.digit(body.get(at + i), 16);
    }
    return unit;
  }
}
