package dev.ccr.proxy.route;

import dev.ccr.proxy.model.ModelTag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds the model tag at the beginning of a text. */
final class TagScan {

  private static final byte[] OPEN = ascii("<CCR-SUBAGENT-MODEL>");
  private static final byte[] CLOSE = ascii("</CCR-SUBAGENT-MODEL>");

  /** Nobody calls a model so. */
  private static final int MAX_TARGET_BYTES = 512;

  private TagScan() {}

  /**
   * Looks at a JSON string; blanks and line feeds before the tag are fine.
   *
   * @param body borrowed
   * @param start offset of the string's opening quote
   * @param end offset behind its closing quote
   * @return {@code null} if it does not begin with a tag
   */
  static @Nullable ModelTag find(ByteBuffer body, int start, int end) {
    int at = start + 1;
    int last = end - 1;
    while (at < last && body.get(at) != '<') {
      if (body.get(at) == ' ') {
        at++;
      } else if (at + 1 < last && body.get(at) == '\\' && isBlankEscape(body.get(at + 1))) {
        at += 2;
      } else {
        return null;
      }
    }
    if (!matches(body, at, last, OPEN)) {
      return null;
    }
    int target = at + OPEN.length;
    for (int i = target; i < last && i - target <= MAX_TARGET_BYTES; i++) {
      byte b = body.get(i);
      if (b == '<' && matches(body, i, last, CLOSE)) {
        byte[] inside = new byte[i - target];
        body.get(target, inside);
        String text = new String(inside, StandardCharsets.UTF_8).strip();
        return new ModelTag(text, at, i + CLOSE.length);
      }
      if (b == '\\') { // an escape: part of no name
        return null;
      }
    }
    return null;
  }

  private static boolean isBlankEscape(byte b) {
    return b == 'n' || b == 'r' || b == 't';
  }

  private static boolean matches(ByteBuffer body, int at, int last, byte[] text) {
    if (last - at < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (body.get(at + i) != text[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
