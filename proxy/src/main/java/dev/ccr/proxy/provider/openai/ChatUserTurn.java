package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.ContentBlock;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.provider.openai.OpenCalls.Result;
import java.nio.ByteBuffer;

/**
 * A user message of a request: its tool results go to the calls they belong to, the rest is the
 * user's. Images and files inside results, which chat's tool messages cannot hold, are the user's
 * too.
 */
final class ChatUserTurn {

  private static final String ERROR = "Error: ";
  private static final byte[] PREFIX = ascii(ERROR);
  private static final byte[] NO_PREFIX = {};
  private static final byte[] BARE_ERROR = ascii("Error: the tool says no more");

  private final ContentBlock block;
  private final ChatBlocks blocks;
  private final OpenCalls calls;
  private final JsonCursor nested = new JsonCursor();

  /** @param block what one of the message's blocks is read to */
  ChatUserTurn(ByteBuffer body, ContentBlock block, ChatBlocks blocks, OpenCalls calls) {
    this.block = block;
    this.blocks = blocks;
    this.calls = calls;
    nested.reset(body, 0, 0);
  }

  /**
   * Reads the content of a user message.
   *
   * @param at stands before the content, and behind it afterwards
   * @param own gets what is not a result
   * @param resultMedia gets images and files of results
   */
  void read(JsonCursor at, ChatContent own, ChatContent resultMedia)
      throws JsonSyntaxException, RequestException {
    if (at.peek() != JsonCursor.Kind.ARRAY) {
      blocks.addAll(at, own, own);
      return;
    }
    at.enterArray();
    while (at.nextElement()) {
      block.read(at);
      if (block.kind() == ContentBlock.Kind.TOOL_RESULT) {
        toolResult(own, resultMedia);
      } else {
        blocks.add(block, own, own);
      }
    }
  }

  private void toolResult(ChatContent own, ChatContent resultMedia)
      throws JsonSyntaxException, RequestException {
    if (!block.toolUseId.isPresent()) {
      throw RequestException.invalid("tool_result.tool_use_id: missing (expected: a string)");
    }
    nested.reset(block.toolUseId.start(), block.toolUseId.end());
    nested.readString();
    Result result = calls.begin(nested.stringValue());
    // A result without its call is what the user says: nothing of it is lost.
    ChatContent content = result == null ? own : result.content();
    int before = content.count();
    int mediaBefore = resultMedia.count();
    if (block.content.isPresent()) {
      boolean told = !block.isError() || blocks.saysAtFirst(block.content, ERROR);
      content.prefix(told ? NO_PREFIX : PREFIX);
      nested.reset(block.content.start(), block.content.end());
      blocks.addAll(nested, content, resultMedia);
      content.prefix(NO_PREFIX);
    }
    content.mark(block.cacheControl); // the client's moving mark mostly stands on a result
    if (block.isError() && content.count() == before) { // or the failure would go unnoticed
      content.openText();
      content.glue(BARE_ERROR);
      content.closeText(ChatContent.NO_MARK);
    }
    if (result != null && resultMedia.count() > mediaBefore) {
      result.mediaFollows();
    }
  }
}
