package dev.ccr.proxy.server;

/** Text from outside as a header value or in a log line. */
final class HeaderText {

  private static final int MAX_LENGTH = 200;
  private static final int MAX_LINE_LENGTH = 500;

  private HeaderText() {}

  /** {@code text} with everything but visible ASCII as a question mark, and not too long. */
  static String of(String text) {
    return shown(text, '!', MAX_LENGTH);
  }

  /** Like {@link #of}, but with its blanks, and longer: words for people. */
  static String line(String text) {
    return shown(text, ' ', MAX_LINE_LENGTH);
  }

  private static String shown(String text, char least, int maxLength) {
    StringBuilder out = null;
    int length = Math.min(text.length(), maxLength);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < least || c > '~') {
        out = out == null ? new StringBuilder(text.substring(0, length)) : out;
        out.setCharAt(i, '?');
      }
    }
    return out == null ? text.substring(0, length) : out.toString();
  }
}
