package dev.ccr.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Decompresses an answer that has a content coding (RFC 9110, section 8.4), and is out of the way of
 * all others, which is nearly every one: none is asked for.
 */
final class AnswerDecompressor extends HttpContentDecompressor {

  /** What one read may grow to when it is decompressed. */
  private static final int MAX_DECOMPRESSED_BYTES = 16 << 20;

  /** The answer that is being read has a coding, or the last one had. */
  private boolean coded;

  AnswerDecompressor() {
    super(MAX_DECOMPRESSED_BYTES);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    if (msg instanceof HttpResponse head) {
      coded = isCoded(head.headers());
    }
    if (coded) {
      super.channelRead(ctx, msg);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  /** Where nothing is decompressed, nothing has to be read so that there is something. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (coded) {
      super.channelReadComplete(ctx);
    } else {
      ctx.fireChannelReadComplete();
    }
  }

  /** Netty's decompressor takes a transfer coding for a content coding. */
  private static boolean isCoded(HttpHeaders headers) {
    String transfer = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    return headers.contains(HttpHeaderNames.CONTENT_ENCODING)
        || (transfer != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(transfer));
  }
}
