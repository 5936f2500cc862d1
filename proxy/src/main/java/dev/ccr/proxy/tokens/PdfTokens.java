package dev.ccr.proxy.tokens;

import java.nio.ByteBuffer;

/**
 * What a PDF costs: its pages. They are found by their objects, {@code /Type /Page}; a file that
 * has packed them away, or is too large to be looked through, is judged by its length.
 */
final class PdfTokens {

  /** A page of text and the picture of it. */
  static final long PAGE = 2000;

  private static final int BYTES_A_PAGE = 50_000;

  /** Base64 that is looked through: a few milliseconds. */
  private static final int MOST_READ = 1 << 20;

  private static final String TYPE = "/Type";
  private static final String NAME = "/Page";
  private static final int MATCHED = -2;

  private PdfTokens() {}

  /** Tokens of the PDF whose base64 stands there, in a buffer that is borrowed. */
  static long of(ByteBuffer body, int start, int end) {
    int length = end - start;
    int pages = length <= MOST_READ ? pages(new Base64Bytes(body, start, end)) : 0;
    return PAGE * (pages > 0 ? pages : length / 4 * 3 / BYTES_A_PAGE + 1);
  }

  private static int pages(Base64Bytes in) {
    int pages = 0;
    int b = in.next();
    while (b >= 0) {
      if (b != '/') {
        b = in.next();
        continue;
      }
      b = word(TYPE, b, in);
      if (b == MATCHED) {
        b = in.next();
        while (b == ' ' || b == '\r' || b == '\n' || b == '\t') {
          b = in.next();
        }
        b = word(NAME, b, in);
        if (b == MATCHED) {
          b = in.next();
          pages += isNamePart(b) ? 0 : 1; // and not /Pages
        }
      }
    }
    return pages;
  }

  /** Reads a word that begins with {@code first}: {@link #MATCHED}, or the byte that differs. */
  private static int word(String word, int first, Base64Bytes in) {
    int b = first;
    for (int i = 0; i < word.length(); i++) {
      if (b != word.charAt(i)) {
        return b;
      }
      if (i + 1 < word.length()) {
        b = in.next();
      }
    }
    return MATCHED;
  }

  private static boolean isNamePart(int b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
  }
}
