package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * The content of strings in bytes (RFC 8259, section 7). Indices are absolute; buffers are
 * borrowed and must be little-endian, so that the first byte of a word is its lowest.
 */
final class JsonStrings {
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /** What may follow a backslash, {@code u} apart; shifts count modulo 64, hence two words. */
  private static final long ESCAPES_BELOW_64 = 1L << '"' | 1L << '/';

  private static final long ESCAPES_FROM_64 =
      1L << '\\' | 1L << 'b' | 1L << 'f' | 1L << 'n' | 1L << 'r' | 1L << 't';

  private JsonStrings() {}

  /**
   * Finds the quote that ends a string, checking escapes, control characters and UTF-8.
   *
   * @param from index behind the opening quote
   * @return index of the closing quote, or its complement ({@code ~index}) if there are escapes
   * @throws JsonSyntaxException if the content is not legal, or the string is not closed
   */
  static int scan(ByteBuffer text, int from, int to) throws JsonSyntaxException {
    boolean escaped = false;
    int at = from;
    while (true) {
      at = skipPlain(text, at, to);
      if (at == to) {
        throw new JsonSyntaxException("'\"'", to);
      }
      byte b = text.get(at);
      if (b == '"') {
        return escaped ? ~at : at;
      }
      if (b == '\\') {
        at = skipEscape(text, at, to);
        escaped = true;
      } else if (b < 0) {
        at = skipUtf8(text, at, to);
      } else {
        throw new JsonSyntaxException("no raw control character", at);
      }
    }
  }

  /** The first index from {@code at} on that is a quote, backslash, control or non-ASCII byte. */
  private static int skipPlain(ByteBuffer text, int at, int to) {
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = text.getLong(at);
      // Flipping bit 1 moves '"' (0x22) to 0x20, next to the controls: one test finds both. A
      // borrow can only spoil bytes above the first hit, and the first is all we look at.
      long hits =
          (((word ^ 0x02 * ONES) - 0x21 * ONES) | ((word ^ '\\' * ONES) - ONES) | word)
              & HIGH_BITS;
      if (hits != 0) {
        return at + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    while (at < to && isPlain(text.get(at))) {
      at++;
    }
    return at;
  }

  private static boolean isPlain(byte b) {
    return b >= 0x20 && b != '"' && b != '\\';
  }

  private static int skipEscape(ByteBuffer text, int backslash, int to)
      throws JsonSyntaxException {
    int at = backslash + 1;
    int b = at < to ? text.get(at) : -1;
    if (b >= 0 && ((b < 64 ? ESCAPES_BELOW_64 : ESCAPES_FROM_64) >>> b & 1) != 0) {
      return at + 1;
    }
    if (b != 'u') {
      throw new JsonSyntaxException("one of \"\\/bfnrtu", at);
    }
    for (int end = at + 4; at < end; ) {
      at++;
      if (at >= to || Character.digit(text.get(at), 16) < 0) {
        throw new JsonSyntaxException("a hexadecimal digit", at);
      }
    }
    return at + 1;
  }

  /** Passes a run of non-ASCII characters. */
  private static int skipUtf8(ByteBuffer text, int from, int to) throws JsonSyntaxException {
    int at = from;
    while (at < to && text.get(at) < 0) {
      int length = utf8Length(at <= to - 4 ? text.getInt(at) : lastBytes(text, at, to));
      if (length == 0) {
        throw new JsonSyntaxException("UTF-8", at);
      }
      at += length;
    }
    return at;
  }

  /** Bytes of the character that a little-endian word starts with, 0 if illegal (RFC 3629). */
  private static int utf8Length(int word) {
    int top = word >>> 8 & 0x3F; // of the code point: all its bits but those of the last bytes
    if ((word & 0xC0_C0F0) == 0x80_80E0) {
      top |= (word & 0x0F) << 6;
      return top >= 0x800 >> 6 && top >> 5 != 0xD800 >> 11 ? 3 : 0;
    }
    if ((word & 0xC0E0) == 0x80C0) {
      return (word & 0x1E) != 0 ? 2 : 0;
    }
    if ((word & 0xC0C0_C0F8) == 0x8080_80F0) {
      top |= (word & 0x07) << 6;
      return top >= 0x1_0000 >> 12 && top <= 0x10_FFFF >> 12 ? 4 : 0;
    }
    return 0;
  }

  /** The word at {@code from}, with zeroes for what lies behind the end of the text. */
  private static int lastBytes(ByteBuffer text, int from, int to) {
    int word = 0;
    for (int i = 0; i < 4 && from + i < to; i++) {
      word |= (text.get(from + i) & 0xFF) << (8 * i);
    }
    return word;
  }

  /**
   * Whether scanned content says {@code ascii}. Allocates only if there are escapes, and then in
   * proportion to {@code ascii}.
   */
  static boolean equal(ByteBuffer text, int from, int to, boolean escaped, String ascii) {
    int length = ascii.length();
    if (escaped) {
      return to - from <= 6 * length && decode(text, from, to, true).equals(ascii);
    }
    if (to - from != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.get(from + i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Decodes scanned content; escapes of lone surrogates become just that. */
  static String decode(ByteBuffer text, int from, int to, boolean escaped) {
    byte[] bytes = new byte[to - from];
    text.get(from, bytes);
    if (!escaped) {
      return new String(bytes, UTF_8);
    }
    StringBuilder out = new StringBuilder(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int run = at;
      while (at < bytes.length && bytes[at] != '\\') {
        at++;
      }
      out.append(new String(bytes, run, at - run, UTF_8));
      if (at < bytes.length) {
        at = decodeEscape(bytes, at + 1, out);
      }
    }
    return out.toString();
  }

  private static int decodeEscape(byte[] bytes, int at, StringBuilder out) {
    if (bytes[at] == 'u') {
      int unit = 0;
      for (int i = 1; i <= 4; i++) {
        unit = unit << 4 | Character.digit(bytes[at + i], 16);
      }
      out.append((char) unit);
      return at + 5;
    }
    out.append(
        switch (bytes[at]) {
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          default -> (char) bytes[at]; // stands for itself
        });
    return at + 1;
  }
}
