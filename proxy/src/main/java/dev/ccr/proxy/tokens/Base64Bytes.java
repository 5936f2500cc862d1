package dev.ccr.proxy.tokens;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the bytes of base64 in a JSON string one after the other, as far as one likes. Both
 * alphabets are read; escapes may be the slash's and line ends'. Used once; not thread-safe.
 */
final class Base64Bytes {

  private static final byte[] VALUES = values();

  private final ByteBuffer body;
  private final int end;
  private int position;
  private int bits;
  private int held;

  /** @param body borrowed; the base64 is from {@code start} to {@code end} */
  Base64Bytes(ByteBuffer body, int start, int end) {
    this.body = body;
    this.position = start;
    this.end = end;
  }

  /** The next byte, or -1 at the end and at what is no base64. */
  int next() {
    while (held < Byte.SIZE) {
      int value = digit();
      if (value < 0) {
        return -1;
      }
      bits = bits << 6 | value;
      held += 6;
    }
    held -= Byte.SIZE;
    return bits >>> held & 0xFF;
  }

  /** Two bytes, the higher first, or -1. */
  int nextShort() {
    int high = next();
    int low = next();
    return low < 0 ? -1 : high << 8 | low;
  }

  /** Two bytes, the lower first, or -1. */
  int nextShortLittle() {
    int low = next();
    int high = next();
    return high < 0 ? -1 : high << 8 | low;
  }

  /** Passes bytes; whether there were as many. */
  boolean skip(int count) {
    for (int i = 0; i < count; i++) {
      if (next() < 0) {
        return false;
      }
    }
    return true;
  }

  private int digit() {
    while (position < end) {
      int b = body.get(position++);
      if (b == '\\') {
        b = position < end ? body.get(position++) : -1;
        if (b != '/') {
          continue;
        }
      }
      return b < 0 ? -1 : VALUES[b];
    }
    return -1;
  }

  private static byte[] values() {
    byte[] values = new byte[0x80];
    Arrays.fill(values, (byte) -1);
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < digits.length(); i++) {
      values[digits.charAt(i)] = (byte) i;
    }
    values['-'] = 62;
    values['_'] = 63;
    return values;
  }
}
