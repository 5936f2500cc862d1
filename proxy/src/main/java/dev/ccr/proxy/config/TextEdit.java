package dev.ccr.proxy.config;

/**
 * A piece of a text, and what is to stand there instead.
 *
 * @param start index of its first character
 * @param end index behind its last one
 */
record TextEdit(int start, int end, String replacement) {

  /** Puts a text between two characters. */
  static TextEdit insert(int at, String text) {
    return new TextEdit(at, at, text);
  }

  String in(String text) {
    return text.substring(0, start) + replacement + text.substring(end);
  }

  /** What ends the lines of a text. */
  static String lineEnd(String text) {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  /** The blanks before a place, if there is nothing else in its line; else one blank. */
  static String separator(String text, int at) {
    int start = text.lastIndexOf('\n', at - 1) + 1;
    String before = text.substring(start, at);
    return before.isBlank() && start > 0 ? lineEnd(text) + before : " ";
  }
}
