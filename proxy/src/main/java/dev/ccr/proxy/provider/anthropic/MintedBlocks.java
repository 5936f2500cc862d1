package dev.ccr.proxy.provider.anthropic;

import dev.ccr.proxy.claude.ContentBlock;
import dev.ccr.proxy.claude.Minted;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonOut;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Takes the thinking blocks out of a conversation that this router made for another provider: the
 * Claude API did not sign them and answers 400. Messages that hold nothing else go too. All that is
 * kept stays as it is, byte for byte.
 */
final class MintedBlocks {

  private static final byte[] MARKER = JsonOut.ascii(Minted.MARKER);

  private final ContentBlock block = new ContentBlock();
  private final JsonCursor at = new JsonCursor();
  private final JsonCursor string = new JsonCursor();
  private final Span content = new Span();
  private final Splices.Section keptBlocks;
  private boolean anyMinted;

  private MintedBlocks(ByteBuf body, Splices splices) {
    at.reset(body.nioBuffer(0, body.writerIndex()), 0, 0);
    string.reset(body.nioBuffer(0, body.writerIndex()), 0, 0);
    keptBlocks = splices.section();
  }

  /** Whether a body may hold such blocks: nearly none does. */
  static boolean mayBeIn(ByteBuf body) {
    return ByteBufUtil.indexOf(Unpooled.wrappedBuffer(MARKER), body) >= 0;
  }

  /**
   * Appends the array of messages without such blocks.
   *
   * @param messages where the array stands in the body
   */
  static void append(ByteBuf body, Span messages, Splices splices, Splices.Section out)
      throws JsonSyntaxException {
    new MintedBlocks(body, splices).append(messages, splices.section(), out);
  }

  private void append(Span messages, Splices.Section kept, Splices.Section out)
      throws JsonSyntaxException {
    at.reset(messages.start(), messages.end());
    at.enterArray();
    while (at.nextElement()) {
      int start = at.position();
      readMessage();
      int end = at.position();
      if (!anyMinted) {
        kept.comma().range(start, end);
      } else if (!keptBlocks.isEmpty()) {
        kept.comma().range(start, content.start());
        kept.glue('[').append(keptBlocks).glue(']').range(content.end(), end);
      }
    }
    out.glue('[').append(kept).glue(']');
  }

  private void readMessage() throws JsonSyntaxException {
    anyMinted = false;
    if (at.peek() != JsonCursor.Kind.OBJECT) {
      at.skipValue();
      return;
    }
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("content") && at.peek() == JsonCursor.Kind.ARRAY) {
        readContent();
      } else {
        at.skipValue();
      }
    }
  }

  private void readContent() throws JsonSyntaxException {
    keptBlocks.clear();
    int contentStart = at.position();
    at.enterArray();
    while (at.nextElement()) {
      int start = at.position();
      boolean minted = false;
      if (at.peek() == JsonCursor.Kind.OBJECT) {
        block.read(at);
        minted = isMinted(block.signature) || isMinted(block.data);
      } else {
        at.skipValue();
      }
      if (minted) {
        anyMinted = true;
      } else {
        keptBlocks.comma().range(start, at.position());
      }
    }
    content.set(contentStart, at.position());
  }

  private boolean isMinted(Span opaque) throws JsonSyntaxException {
    boolean isThinking =
        block.kind() == ContentBlock.Kind.THINKING
            || block.kind() == ContentBlock.Kind.REDACTED_THINKING;
    if (!isThinking || !opaque.isPresent()) {
      return false;
    }
    string.reset(opaque.start(), opaque.end());
    string.readString();
    return Minted.isMinted(string.stringValue());
  }
}
