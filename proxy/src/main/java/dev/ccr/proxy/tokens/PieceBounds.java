package dev.ccr.proxy.tokens;

/**
 * Bounds the tokens of a text by looking at its bytes, without a tokenizer.
 *
 * <p>The tokenizer cuts a text into pieces, and each piece into tokens. The lower bound counts
 * pieces that must be there, whatever surrounds them: a word, a capital behind a small letter,
 * three digits, a run of punctuation, a line end behind a word, an indentation. Each of them is
 * in a piece of its own. Nothing is counted next to what is not ASCII, whose class is not looked
 * up, nor in a contraction ({@code don't} is one piece).
 *
 * <p>The upper bound is the bytes, but for one at each word behind a space: a space and a letter
 * alone are a token always, so the two never are tokens apiece.
 *
 * <p>Text may come in parts cut anywhere. Used again; not thread-safe.
 */
final class PieceBounds {

  private static final byte EDGE = 0; // of the text
  private static final byte OTHER = 1; // not ASCII, and controls
  private static final byte SMALL = 2;
  private static final byte CAPITAL = 3;
  private static final byte DIGIT = 4;
  private static final byte SPACE = 5;
  private static final byte LINE_END = 6;
  private static final byte SIGN = 7;
  private static final byte SLASH = 8; // a sign that also follows line ends in a piece
  private static final byte APOSTROPHE = 9; // a sign that also begins the end of a contraction

  private static final byte[] CLASSES = classes();

  private long lower;
  private long upper;
  private byte last;
  private byte beforeLast;
  private boolean lastIsBlank;
  private int digits;

  /** Forgets all. */
  void reset() {
    lower = 0;
    upper = 0;
    endText();
  }

  /** The fewest tokens that the texts so far can have. */
  long lower() {
    return lower;
  }

  /** The most tokens that the texts so far can have. */
  long upper() {
    return upper;
  }

  /** Looks at the next bytes of a text. */
  void add(byte[] bytes, int length) {
    upper += length;
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      byte kind = b < 0 ? OTHER : CLASSES[b];
      step(kind);
      beforeLast = last;
      last = kind;
      lastIsBlank = b == ' ';
    }
  }

  /** Ends a text: what comes next is another. */
  void endText() {
    if (isSign(last) && isSignStart()) {
      lower++;
    }
    last = EDGE;
    beforeLast = EDGE;
    lastIsBlank = false;
    digits = 0;
  }

  private void step(byte kind) {
    switch (kind) {
      case SMALL, CAPITAL -> letter(kind);
      case DIGIT -> {
        indentation();
        sign();
        digit();
      }
      case LINE_END -> {
        sign();
        if (isLetter(last) || last == DIGIT) {
          lower++;
        }
      }
      case SPACE -> sign();
      case OTHER -> { }
      default -> {
        indentation();
        sign();
      }
    }
  }

  private void letter(byte kind) {
    if (isLetter(last)) {
      if (kind == CAPITAL && last == SMALL && beforeLast != APOSTROPHE) {
        lower++;
      }
      return;
    }
    indentation();
    boolean contraction = last == APOSTROPHE && (isLetter(beforeLast) || beforeLast == OTHER);
    if (last != OTHER && !contraction) {
      lower++;
    }
    if (lastIsBlank) {
      upper--;
    }
  }

  private void digit() {
    if (last != DIGIT) {
      digits = last == OTHER ? Integer.MIN_VALUE : 0;
    }
    if (digits >= 0) {
      if (digits % 3 == 0) {
        lower++;
      }
      digits++;
    }
  }

  /** Two spaces and more: all but the last are a piece, whatever the last one belongs to. */
  private void indentation() {
    if (last == SPACE && beforeLast == SPACE) {
      lower++;
    }
  }

  /** A sign that no letter follows begins a piece, unless it follows a sign itself. */
  private void sign() {
    if (isSign(last) && isSignStart()) {
      lower++;
    }
  }

  private boolean isSignStart() {
    return switch (beforeLast) {
      case EDGE, SMALL, CAPITAL, DIGIT, SPACE -> true;
      case LINE_END -> last != SLASH;
      default -> false;
    };
  }

  private static boolean isLetter(byte kind) {
    return kind == SMALL || kind == CAPITAL;
  }

  private static boolean isSign(byte kind) {
    return kind >= SIGN;
  }

  private static byte[] classes() {
    byte[] classes = new byte[0x80];
    for (char c = 0; c < 0x80; c++) {
      classes[c] =
          c >= 'a' && c <= 'z' ? SMALL
              : c >= 'A' && c <= 'Z' ? CAPITAL
              : c >= '0' && c <= '9' ? DIGIT
              : c == ' ' || c == '\t' ? SPACE
              : c == '\n' || c == '\r' ? LINE_END
              : c < ' ' || c == 0x7F ? OTHER
              : c == '/' ? SLASH
              : c == '\'' ? APOSTROPHE
              : SIGN;
    }
    return classes;
  }
}
