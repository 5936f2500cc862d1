package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.ContentBlock;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import java.nio.ByteBuffer;

/**
 * A user message of a request. Tool results become messages of their own and come first, since
 * nothing may stand between a call and its result; images inside them, which chat's tool messages
 * cannot hold, follow in the user message.
 */
final class ChatUserTurn {

  private static final byte[] USER = ascii("{\"role\":\"user\",\"content\":");
  private static final byte[] TEXT_PART = ascii("{\"type\":\"text\",\"text\":");
  private static final byte[] TOOL = ascii("{\"role\":\"tool\",\"tool_call_id\":");
  private static final byte[] TOOL_CONTENT = ascii(",\"content\":\"");
  private static final byte[] ERROR = ascii("Error: ");
  private static final byte[] IMAGE_FOLLOWS = ascii("[image follows]");
  private static final byte[] STRING_END = ascii("\"}");

  private final ContentBlock block = new ContentBlock();
  private final ChatImages images;
  private final ChatText text;
  private final Splices.Section resultText;

  /** Images of tool results: they come before the other parts. */
  private final Splices.Section resultImages;

  private final Splices.Section parts;
  private final JsonCursor nested = new JsonCursor();

  /** The text of the turn if it is the only part: then chat takes a plain string. */
  private final Span loneText = new Span();

  private int partCount;

  ChatUserTurn(ByteBuffer body, ChatImages images, Splices splices) {
    this.images = images;
    text = new ChatText(images);
    resultImages = splices.section();
    resultText = splices.section();
    parts = splices.section();
    nested.reset(body, 0, 0);
  }

  /**
   * Reads the content of a user message.
   *
   * @param at stands before the content, and behind it afterwards
   */
  void read(JsonCursor at, Splices.Section out) throws JsonSyntaxException, RequestException {
    if (at.peek() == JsonCursor.Kind.STRING) {
      at.readString();
      out.comma().glue(USER).range(at.valueStart(), at.valueEnd()).glue('}');
      return;
    }
    resultImages.clear();
    parts.clear();
    loneText.clear();
    partCount = 0;
    at.enterArray();
    while (at.nextElement()) {
      block.read(at);
      readBlock(out);
    }
    writeParts(out);
  }

  private void readBlock(Splices.Section out) throws JsonSyntaxException, RequestException {
    switch (block.kind()) {
      case TOOL_RESULT -> toolResult(out);
      case IMAGE -> {
        partCount++;
        images.add(block.source, parts);
      }
      case DOCUMENT ->
          throw RequestException.invalid(
              "content block of type document (expected: text, images, tool results;"
                  + " this provider gets no documents yet)");
      default -> { // a kind nobody knows yet says what it has to say as text, or nothing
        if (block.text.isPresent() && !block.text.isEmptyString()) {
          if (partCount++ == 0) {
            loneText.set(block.text.start(), block.text.end());
          }
          parts.comma().glue(TEXT_PART).range(block.text).glue('}');
        }
      }
    }
  }

  private void toolResult(Splices.Section out) throws JsonSyntaxException, RequestException {
    if (!block.toolUseId.isPresent()) {
      throw RequestException.invalid("tool_result.tool_use_id: missing (expected: a string)");
    }
    int imagesBefore = resultImages.length();
    boolean hasText = false;
    resultText.clear();
    if (block.content.isPresent()) {
      nested.reset(block.content.start(), block.content.end());
      hasText = text.read(nested, resultText, resultImages);
    }
    out.comma().glue(TOOL).range(block.toolUseId).glue(TOOL_CONTENT);
    if (block.isError()) {
      out.glue(ERROR);
    }
    if (hasText) {
      out.append(resultText);
    } else if (resultImages.length() > imagesBefore) {
      out.glue(IMAGE_FOLLOWS);
    }
    out.glue(STRING_END);
  }

  private void writeParts(Splices.Section out) {
    if (resultImages.isEmpty() && partCount == 1 && loneText.isPresent()) {
      out.comma().glue(USER).range(loneText).glue('}');
    } else if (!resultImages.isEmpty() || partCount > 0) {
      out.comma().glue(USER).glue('[').append(resultImages);
      if (!resultImages.isEmpty() && partCount > 0) {
        out.glue(',');
      }
      out.append(parts).glue(']').glue('}');
    }
  }
}
