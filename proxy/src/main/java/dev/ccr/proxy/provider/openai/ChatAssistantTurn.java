package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.ContentBlock;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;

/**
 * An assistant message of a request: its texts as one string, its tool uses as tool calls. Thinking
 * is not sent: chat has no place for it, and it must never be mistaken for text.
 */
final class ChatAssistantTurn {

  private static final byte[] ASSISTANT = ascii("{\"role\":\"assistant\",\"content\":");
  private static final byte[] NULL = ascii("null");
  private static final byte[] CALLS = ascii(",\"tool_calls\":[");
  private static final byte[] ID = ascii("{\"id\":");
  private static final byte[] FUNCTION = ascii(",\"type\":\"function\",\"function\":{\"name\":");
  private static final byte[] ARGUMENTS = ascii(",\"arguments\":\"");
  private static final byte[] NO_ARGUMENTS = ascii("{}");
  private static final byte[] CALL_END = ascii("\"}}");

  private final ContentBlock block = new ContentBlock();
  private final Splices.Section text;
  private final Splices.Section calls;

  ChatAssistantTurn(Splices splices) {
    text = splices.section();
    calls = splices.section();
  }

  /**
   * Reads the content of an assistant message.
   *
   * @param at stands before the content, and behind it afterwards
   */
  void read(JsonCursor at, Splices.Section out) throws JsonSyntaxException, RequestException {
    if (at.peek() == JsonCursor.Kind.STRING) {
      at.readString();
      out.comma().glue(ASSISTANT).range(at.valueStart(), at.valueEnd()).glue('}');
      return;
    }
    text.clear();
    calls.clear();
    at.enterArray();
    while (at.nextElement()) {
      block.read(at);
      switch (block.kind()) {
        case TEXT -> {
          if (block.text.isPresent()) {
            text.inside(block.text);
          }
        }
        case TOOL_USE -> toolUse();
        default -> {} // thinking, and what only the Claude API makes and reads
      }
    }
    if (!text.isEmpty() || !calls.isEmpty()) {
      write(out);
    }
  }

  private void toolUse() throws RequestException {
    if (!block.id.isPresent() || !block.name.isPresent()) {
      throw RequestException.invalid("tool_use: without id or name (expected: both)");
    }
    calls.comma().glue(ID).range(block.id).glue(FUNCTION).range(block.name).glue(ARGUMENTS);
    if (block.input.isPresent()) {
      calls.escapedRange(block.input.start(), block.input.end());
    } else {
      calls.glue(NO_ARGUMENTS);
    }
    calls.glue(CALL_END);
  }

  private void write(Splices.Section out) {
    out.comma().glue(ASSISTANT);
    if (text.isEmpty()) {
      out.glue(NULL);
    } else {
      out.glue('"').append(text).glue('"');
    }
    if (!calls.isEmpty()) {
      out.glue(CALLS).append(calls).glue(']');
    }
    out.glue('}');
  }
}
