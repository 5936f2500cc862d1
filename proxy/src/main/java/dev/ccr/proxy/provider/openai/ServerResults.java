package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import java.util.List;

/**
 * What tools that ran at Anthropic have found, as the text that other models need of it: titles and
 * addresses, texts, what a program printed. Encrypted parts mean nothing to others.
 */
final class ServerResults {

  private static final byte[] LINE_FEED = ascii("\\n");
  private static final List<String> TELLING =
      List.of("title", "url", "text", "stdout", "stderr", "content", "error_code");
  private static final int MAX_DEPTH = 8;

  private final JsonCursor at;

  /** @param at reads a value of the body; between two calls it is others' */
  ServerResults(JsonCursor at) {
    this.at = at;
  }

  /** Appends the telling strings of a result's content, a line each, as the inside of a string. */
  void append(Span content, Splices.Section out) throws JsonSyntaxException {
    if (content.isPresent()) {
      at.reset(content.start(), content.end());
      walk(true, 0, out);
    }
  }

  private void walk(boolean telling, int depth, Splices.Section out) throws JsonSyntaxException {
    switch (depth > MAX_DEPTH ? JsonCursor.Kind.NULL : at.peek()) {
      case OBJECT -> {
        at.enterObject();
        while (at.nextField()) {
          walk(isTelling(), depth + 1, out);
        }
      }
      case ARRAY -> {
        at.enterArray();
        while (at.nextElement()) {
          walk(telling, depth + 1, out);
        }
      }
      case STRING -> {
        at.readString();
        if (telling && at.valueEnd() - at.valueStart() > 2) {
          out.range(at.valueStart() + 1, at.valueEnd() - 1).glue(LINE_FEED);
        }
      }
      default -> at.skipValue();
    }
  }

  private boolean isTelling() {
    for (String name : TELLING) {
      if (at.keyIs(name)) {
        return true;
      }
    }
    return false;
  }
}
