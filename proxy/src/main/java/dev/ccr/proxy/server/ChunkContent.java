package dev.ccr.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpConstants;

/**
 * A part of an answer whose buffer has room for what a chunk of HTTP/1.1 has around it (RFC 9112,
 * section 7.1): so that a chunk leaves as one buffer and not as three.
 */
final class ChunkContent extends DefaultHttpContent {

  /** Bytes in front of the content: eight digits, and the end of their line. */
  private static final int FRONT = 10;

  private static final int CRLF = HttpConstants.CR << 8 | HttpConstants.LF;
  private static final int CRLF_BYTES = 2;

  /** @param content from {@link #buffer}; taken */
  ChunkContent(ByteBuf content) {
    super(content);
  }

  /** A buffer to be filled with a content, given. */
  static ByteBuf buffer(ByteBufAllocator alloc, int contentBytes) {
    return alloc.buffer(FRONT + contentBytes + CRLF_BYTES).setIndex(FRONT, FRONT);
  }

  /**
   * Whether {@link #toChunk} may be asked: not if there is nothing in it, since that would end the
   * body, and not if somebody else reads the buffer.
   */
  boolean canBeChunk() {
    ByteBuf content = content();
    return content.isReadable()
        && content.readerIndex() == FRONT
        && content.refCnt() == 1
        && !content.isReadOnly();
  }

  /** The chunk, in the content's own buffer, which is given. */
  ByteBuf toChunk() {
    ByteBuf chunk = content();
    int length = chunk.readableBytes();
    ByteBufUtil.writeShortBE(chunk, CRLF);
    int at = FRONT - CRLF_BYTES;
    chunk.setShort(at, CRLF);
    do {
      chunk.setByte(--at, Character.forDigit(length & 0xF, 16));
      length >>>= 4;
    } while (length > 0);
    return chunk.readerIndex(at);
  }
}
