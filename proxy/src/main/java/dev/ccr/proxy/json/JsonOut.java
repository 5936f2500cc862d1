package dev.ccr.proxy.json;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Small pieces of JSON, written without objects. Buffers are borrowed. */
public final class JsonOut {

  /** The literal {@code null}. */
  public static final byte[] NULL = ascii("null");

  private JsonOut() {}

  /** Constant bytes for templates. */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Appends a number's decimal digits. */
  public static void number(long value, ByteBuf out) {
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        out.writeBytes(ascii("-9223372036854775808"));
        return;
      }
      out.writeByte('-');
      number(-value, out);
      return;
    }
    long unit = 1;
    while (value / unit >= 10) {
      unit *= 10;
    }
    for (long rest = value; unit > 0; unit /= 10) {
      out.writeByte((byte) ('0' + rest / unit));
      rest %= unit;
    }
  }

  /** Appends a string value with its quotes. For short values: copies the chars. */
  public static void string(String value, JsonEscape escape, ByteBuf out) {
    out.writeByte('"');
    char[] chars = value.toCharArray();
    escape.write(chars, 0, chars.length, out);
    out.writeByte('"');
  }
}
