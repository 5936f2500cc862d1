package dev.ccr.proxy.server;

/** Text from outside as a header value or in a log line. */
final class HeaderText {

  private static final int MAX_LENGTH = 200;

  private HeaderText() {}

  /** {@code text} with everything but printable ASCII as a question mark, and not too long. */
  static String of(String text) {
    StringBuilder out = null;
    int length = Math.min(text.length(), MAX_LENGTH);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~') {
        out = out == null ? new StringBuilder(text).delete(length, text.length()) : out;
        out.setCharAt(i, '?');
      }
    }
    return out == null ? text.substring(0, length) : out.toString();
  }
}
