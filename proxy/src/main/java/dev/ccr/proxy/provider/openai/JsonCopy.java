package dev.ccr.proxy.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tokens of one object or array as JSON again: where a value is wanted as a text whose
 * bytes are spread over chunks. Numbers keep their spelling, strings need not.
 */
final class JsonCopy {

  private static final String HEX = "0123456789abcdef";

  private final Chars text = new Chars();
  private @Nullable Chars out;
  private int depth;
  private boolean needsComma;

  /** Copies from the start of the object or array that is the current token. */
  void begin(JsonToken start, Chars out) {
    out.clear();
    this.out = out;
    depth = 0;
    needsComma = false;
    open(start == JsonToken.START_OBJECT ? "{" : "[", out);
  }

  /** Copies a token, if a copy has begun that is not at its end. */
  void add(JsonToken token, JsonFeed feed) throws MalformedStreamException {
    Chars to = out;
    if (to == null) {
      return;
    }
    switch (token) {
      case START_OBJECT -> open("{", to);
      case START_ARRAY -> open("[", to);
      case END_OBJECT -> close("}", to);
      case END_ARRAY -> close("]", to);
      case FIELD_NAME -> {
        separate(to);
        quote(feed.name(), to);
        to.append(":");
        needsComma = false;
      }
      case VALUE_STRING -> {
        separate(to);
        text.clear();
        feed.appendTo(text);
        quote(text.array(), text.length(), to);
      }
      default -> {
        separate(to);
        feed.appendTo(to); // numbers, true, false and null are spelt as they are
      }
    }
  }

  /** Appends a string value with its quotes. */
  static void quote(String value, Chars out) {
    char[] chars = value.toCharArray();
    quote(chars, chars.length, out);
  }

  private static void quote(char[] chars, int length, Chars out) {
    out.append("\"");
    escape(chars, length, out);
    out.append("\"");
  }

  /** Appends the inside of a string value, or of a piece of one. */
  static void escape(char[] chars, int length, Chars out) {
    int run = 0;
    for (int i = 0; i < length; i++) {
      char c = chars[i];
      if (c < ' ' || c == '"' || c == '\\') {
        out.append(chars, run, i - run);
        run = i + 1;
        out.append("\\");
        if (c < ' ') {
          out.append("u00" + HEX.charAt(c >> 4) + HEX.charAt(c & 0xF));
        } else {
          out.append(chars, i, 1);
        }
      }
    }
    out.append(chars, run, length - run);
  }

  private void open(String bracket, Chars to) {
    separate(to);
    to.append(bracket);
    needsComma = false;
    depth++;
  }

  private void close(String bracket, Chars to) {
    to.append(bracket);
    needsComma = true;
    if (--depth == 0) {
      out = null;
    }
  }

  private void separate(Chars to) {
    if (needsComma) {
      to.append(",");
    }
    needsComma = true;
  }
}
