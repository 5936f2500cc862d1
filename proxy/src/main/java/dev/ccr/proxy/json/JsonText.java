package dev.ccr.proxy.json;

/**
 * The content of JSON strings in an array of bytes (RFC 8259, section 7). What it does not take
 * need not be wrong: whoever asks has a parser for that.
 */
public final class JsonText {

  private static final byte[] LETTERS = letters();

  /** Chars: the most that come at a time. */
  private static final int PAIR = 2;

  private JsonText() {}

  /**
   * Appends the content of a string to {@code out}.
   *
   * @param in borrowed
   * @param from index behind the opening quote
   * @param to where the bytes end
   * @param out what is appended is of no use if the string is not taken
   * @return index of the closing quote, or -1 if there is none or something is not as it should be
   */
  public static int decode(byte[] in, int from, int to, Chars out) {
    char[] chars = out.ensureRoom(PAIR);
    int count = out.length();
    int at = from;
    while (at < to) {
      if (count > chars.length - PAIR) {
        out.setLength(count);
        chars = out.ensureRoom(PAIR);
      }
      byte b = in[at];
      if (b >= ' ' && b != '"' && b != '\\') {
        chars[count++] = (char) b;
        at++;
      } else if (b == '"') {
        out.setLength(count);
        return at;
      } else if (b == '\\') {
        int c = escape(in, at, to);
        if (c < 0) {
          return -1;
        }
        chars[count++] = (char) c;
        at += in[at + 1] == 'u' ? 6 : 2;
      } else {
        int point = b < 0 ? codePoint(in, at, to) : -1;
        if (point < 0) {
          return -1;
        }
        count += Character.toChars(point, chars, count);
        at += point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      }
    }
    return -1;
  }

  /** The char that an escape stands for, or -1. */
  private static int escape(byte[] in, int backslash, int to) {
    int letter = backslash + 1 < to ? in[backslash + 1] : -1;
    if (letter != 'u') {
      return letter < 0 || LETTERS[letter] == 0 ? -1 : LETTERS[letter];
    }
    if (to - backslash < 6) {
      return -1;
    }
    int value = 0;
    for (int i = backslash + 2; i < backslash + 6; i++) {
      int digit = Character.digit(in[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** The code point that begins here, or -1: well-formed sequences only (RFC 3629, section 4). */
  private static int codePoint(byte[] in, int at, int to) {
    int first = in[at] & 0xFF;
    int more = first < 0xC2 ? -1 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : -1;
    if (more < 0 || to - at <= more) {
      return -1;
    }
    int point = first & (0x3F >> more);
    for (int i = 1; i <= more; i++) {
      int next = in[at + i];
      if ((next & 0xC0) != 0x80) {
        return -1;
      }
      point = point << 6 | (next & 0x3F);
    }
    boolean tooShort = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
    return tooShort || point > Character.MAX_CODE_POINT || isSurrogate(point) ? -1 : point;
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  private static byte[] letters() {
    byte[] letters = new byte[0x80];
    letters['"'] = '"';
    letters['\\'] = '\\';
    letters['/'] = '/';
    letters['b'] = '\b';
    letters['f'] = '\f';
    letters['n'] = '\n';
    letters['r'] = '\r';
    letters['t'] = '\t';
    return letters;
  }
}
