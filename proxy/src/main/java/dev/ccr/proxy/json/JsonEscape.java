package dev.ccr.proxy.json;

import io.netty.buffer.ByteBuf;

/**
 * Writes text as the inside of a JSON string: UTF-8, escaping only what must be (RFC 8259, section
 * 7) and lone surrogates, which UTF-8 cannot carry. A pair whose halves come in two calls is
 * written as two escapes, which readers join again.
 *
 * <p>The bytes are gathered in an array of its own, since an array is cheaper to fill than a
 * buffer. One a thread.
 */
public final class JsonEscape {

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  /** For each char below 0x80: 0 as it is, 'u' as a code, else the letter behind the backslash. */
  private static final byte[] ESCAPES = escapes();

  private static final byte[] NO_ESCAPES = new byte[0x80];

  private static final int LONGEST = 6; // \ u 0 0 1 f

  private static final byte[] NOTHING = {};

  /** Bytes: what may stand on either side of a text. */
  public static final int MAX_AROUND = 512;

  private static final ThreadLocal<JsonEscape> OF_THIS_THREAD =
      ThreadLocal.withInitial(JsonEscape::new);

  private final byte[] bytes = new byte[2 * MAX_AROUND];

  private JsonEscape() {}

  /** The one that all of a thread share: nothing is kept from call to call. */
  public static JsonEscape ofThisThread() {
    return OF_THIS_THREAD.get();
  }

  /** Appends {@code text} to {@code out}, borrowed, without quotes. */
  public void write(Chars text, ByteBuf out) {
    write(text.array(), 0, text.length(), out);
  }

  /** Appends chars to {@code out}, borrowed, without quotes. */
  public void write(char[] chars, int offset, int length, ByteBuf out) {
    write(NOTHING, chars, offset, length, NOTHING, ESCAPES, out);
  }

  /**
   * Appends {@code text} to {@code out}, borrowed, between bytes that stay as they are; a short one
   * goes in one piece with them.
   *
   * @param before at most {@link #MAX_AROUND} bytes
   * @param behind likewise
   */
  public void write(byte[] before, Chars text, byte[] behind, ByteBuf out) {
    write(before, text.array(), 0, text.length(), behind, ESCAPES, out);
  }

  /**
   * Appends text that is JSON already: nothing is escaped but lone surrogates, which JSON has in
   * strings only.
   */
  public void writeJson(Chars json, ByteBuf out) {
    write(NOTHING, json.array(), 0, json.length(), NOTHING, NO_ESCAPES, out);
  }

  private void write(
      byte[] before,
      char[] chars,
      int offset,
      int length,
      byte[] behind,
      byte[] escapes,
      ByteBuf out) {
    System.arraycopy(before, 0, bytes, 0, before.length);
    int count = before.length;
    int i = offset;
    int end = offset + length;
    while (i < end) {
      if (count > bytes.length - LONGEST) {
        out.writeBytes(bytes, 0, count);
        count = 0;
      }
      while (i < end && count <= bytes.length - LONGEST) {
        char c = chars[i++];
        if (c < 0x80) {
          byte escape = escapes[c];
          if (escape == 0) {
            bytes[count++] = (byte) c;
          } else {
            count = escape(c, escape, count);
          }
        } else if (c < 0x800) {
          bytes[count++] = (byte) (0xC0 | (c >> 6));
          bytes[count++] = (byte) (0x80 | (c & 0x3F));
        } else if (!Character.isSurrogate(c)) {
          bytes[count++] = (byte) (0xE0 | (c >> 12));
          bytes[count++] = (byte) (0x80 | ((c >> 6) & 0x3F));
          bytes[count++] = (byte) (0x80 | (c & 0x3F));
        } else if (i < end && Character.isSurrogatePair(c, chars[i])) {
          int codePoint = Character.toCodePoint(c, chars[i++]);
          bytes[count++] = (byte) (0xF0 | (codePoint >> 18));
          bytes[count++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
          bytes[count++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
          bytes[count++] = (byte) (0x80 | (codePoint & 0x3F));
        } else {
          count = escape(c, (byte) 'u', count);
        }
      }
    }
    if (count > bytes.length - behind.length) {
      out.writeBytes(bytes, 0, count);
      count = 0;
    }
    System.arraycopy(behind, 0, bytes, count, behind.length);
    out.writeBytes(bytes, 0, count + behind.length);
  }

  private int escape(char c, byte letter, int at) {
    int count = at;
    bytes[count++] = '\\';
    bytes[count++] = letter;
    if (letter == 'u') {
      bytes[count++] = HEX[c >> 12];
      bytes[count++] = HEX[(c >> 8) & 0xF];
      bytes[count++] = HEX[(c >> 4) & 0xF];
      bytes[count++] = HEX[c & 0xF];
    }
    return count;
  }

  private static byte[] escapes() {
    byte[] escapes = new byte[0x80];
    for (int c = 0; c < 0x20; c++) {
      escapes[c] = 'u';
    }
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    escapes['\b'] = 'b';
    escapes['\t'] = 't';
    escapes['\n'] = 'n';
    escapes['\f'] = 'f';
    escapes['\r'] = 'r';
    return escapes;
  }
}
