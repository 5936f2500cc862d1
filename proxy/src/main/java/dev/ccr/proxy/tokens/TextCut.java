package dev.ccr.proxy.tokens;

/**
 * Finds places where a long text may be cut for counting. The tokenizer cuts a text into pieces
 * first and never looks across their borders; a letter or digit with something else behind it is
 * a border always, so that the parts have as many tokens as the whole. Only marks and the
 * apostrophe belong to letters.
 */
final class TextCut {

  private TextCut() {}

  /**
   * The last border in the second half of some text, or where the last whole character ends if
   * there is none. A run that long is then counted in parts, and may come out a little high: so
   * the time it takes grows no faster than its length.
   *
   * @param utf8 holds the text, whose last character may be a part of one
   */
  static int last(byte[] utf8, int length) {
    int whole = start(utf8, length);
    if (whole + sizeOf(utf8[whole]) == length) {
      whole = length;
    }
    int behind = start(utf8, whole);
    while (behind > length / 2) {
      int before = start(utf8, behind);
      if (endsPiece(codePoint(utf8, before)) && beginsPiece(codePoint(utf8, behind))) {
        return behind;
      }
      behind = before;
    }
    return whole;
  }

  private static boolean endsPiece(int c) {
    return Character.isLetter(c) || isNumber(c);
  }

  private static boolean beginsPiece(int c) {
    return c != '\'' && !Character.isLetter(c) && !isNumber(c) && !isMark(c);
  }

  private static boolean isNumber(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK -> true;
      default -> false;
    };
  }

  /** Where the character begins that ends at {@code end} or lies across it. */
  private static int start(byte[] utf8, int end) {
    int at = end - 1;
    while ((utf8[at] & 0xC0) == 0x80) {
      at--;
    }
    return at;
  }

  private static int sizeOf(byte first) {
    return first >= 0 ? 1 : first < (byte) 0xE0 ? 2 : first < (byte) 0xF0 ? 3 : 4;
  }

  private static int codePoint(byte[] utf8, int at) {
    byte first = utf8[at];
    return switch (sizeOf(first)) {
      case 1 -> first;
      case 2 -> (first & 0x1F) << 6 | (utf8[at + 1] & 0x3F);
      case 3 -> (first & 0x0F) << 12 | (utf8[at + 1] & 0x3F) << 6 | (utf8[at + 2] & 0x3F);
      default ->
          (first & 0x07) << 18 | (utf8[at + 1] & 0x3F) << 12 | (utf8[at + 2] & 0x3F) << 6
              | (utf8[at + 3] & 0x3F);
    };
  }
}
