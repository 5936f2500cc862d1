package dev.ccr.proxy.tokens;

import java.util.Random;

/** Random texts of all that tokenizers treat in their own ways. */
final class Texts {

  private static final String[] PARTS = {
    "a", "word", "Word", "HTTPServer", "camelCase", "don't", "I'll", "x'LL", "x'lLa", "O'Neil",
    "'", "''", "'s", "'tfoo", " ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\n    ", "\u000b",
    "\f", "1", "12", "123", "1234567", "٣", "²", "Ⅷ", ".", ",", "//", "/", "\n/", "();", "!\n/(",
    "{\"a\":1}", "=>", "_", "__init__", "é", "É", "ß", "ǅ", "ʰ", "e\u0301", "\u0301", "漢", "漢字",
    "。", "，", "かな", "한글", "\u3000", "\u00a0", "\u0085", "\u2028", "“", "’", "’s", "😀",
    "👩\u200d👩\u200d👧", "\ufe0f", "<|endoftext|>", "<|im_start|>", "\u0000", "\u001c", "\u007f",
    "https://example.com/a_b?c=d&e=%20", "0x1F", "3.14", "ſ", "K", "-----", "*****", "#"
  };

  private Texts() {}

  static String random(Random random, int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      if (random.nextInt(8) == 0) {
        text.appendCodePoint(codePoint(random));
      } else {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
    }
    return text.toString();
  }

  private static int codePoint(Random random) {
    while (true) {
      int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x3_0000);
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        return c;
      }
    }
  }
}
