package dev.ccr.proxy.json;

import java.nio.ByteBuffer;

/** Numbers in bytes (RFC 8259, section 6). Indices are absolute; the buffer is borrowed. */
final class JsonNumbers {
  private JsonNumbers() {}

  /**
   * Finds the end of the number at {@code from}. What follows it is the caller's to judge.
   *
   * @return index behind the number's last byte
   * @throws JsonSyntaxException if no number starts at {@code from}, or it breaks off
   */
  static int scan(ByteBuffer text, int from, int to) throws JsonSyntaxException {
    boolean negative = from < to && text.get(from) == '-';
    int at = negative ? from + 1 : from;
    if (!isDigit(text, at, to)) {
      throw new JsonSyntaxException(negative ? "a digit" : "a value", at);
    }
    at = text.get(at) == '0' ? at + 1 : digits(text, at, to);
    if (at < to && text.get(at) == '.') {
      at = digits(text, at + 1, to);
    }
    if (at < to && (text.get(at) | 0x20) == 'e') {
      at++;
      boolean signed = at < to && (text.get(at) == '+' || text.get(at) == '-');
      at = digits(text, signed ? at + 1 : at, to);
    }
    return at;
  }

  /**
   * The value of a number found by {@link #scan}.
   *
   * @throws JsonSyntaxException if it has a fraction or an exponent, or exceeds a {@code long}
   */
  static long parseLong(ByteBuffer text, int from, int to) throws JsonSyntaxException {
    boolean negative = text.get(from) == '-';
    long value = 0; // negated throughout: the negative range is the larger one
    for (int at = negative ? from + 1 : from; at < to; at++) {
      int digit = text.get(at) - '0';
      if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
        throw new JsonSyntaxException("a 64-bit integer", from);
      }
      value = value * 10 - digit;
    }
    if (!negative && value == Long.MIN_VALUE) {
      throw new JsonSyntaxException("a 64-bit integer", from);
    }
    return negative ? value : -value;
  }

  private static int digits(ByteBuffer text, int from, int to) throws JsonSyntaxException {
    int at = from;
    while (isDigit(text, at, to)) {
      at++;
    }
    if (at == from) {
      throw new JsonSyntaxException("a digit", at);
    }
    return at;
  }

  private static boolean isDigit(ByteBuffer text, int at, int to) {
    return at < to && text.get(at) >= '0' && text.get(at) <= '9';
  }
}
