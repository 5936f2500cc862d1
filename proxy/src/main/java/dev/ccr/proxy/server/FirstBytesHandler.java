package dev.ccr.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands first in a clear connection, until its first bytes tell what the client speaks: HTTP/2 if
 * it begins with the client's preface (RFC 9113, section 3.4), else HTTP/1.1, whose handlers stand
 * behind this one already. {@code PRI} is a method of nothing else, so four bytes decide. A wish to
 * upgrade from HTTP/1.1 is not heard (RFC 9113, section 3.1, has deprecated it).
 */
final class FirstBytesHandler extends ByteToMessageDecoder {

  private static final byte[] PREFACE = "PRI ".getBytes(StandardCharsets.US_ASCII);

  /** How long the rest of these bytes may take once the first has come. */
  private static final long PATIENCE_SECONDS = 10;

  private final Consumer<Channel> http2;
  private @Nullable Future<?> deadline;

  /** @param http2 makes a connection of HTTP/2 of a channel that has no handler for one yet */
  FirstBytesHandler(Consumer<Channel> http2) {
    this.http2 = http2;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int known = Math.min(in.readableBytes(), PREFACE.length);
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
        ctx.pipeline().remove(this);
        return;
      }
    }
    if (known == PREFACE.length) {
      ChannelPipeline pipeline = ctx.pipeline();
      while (pipeline.last() != this) {
        pipeline.removeLast();
      }
      http2.accept(ctx.channel());
      pipeline.remove(this); // what has been read goes to those behind it
    } else if (deadline == null) {
      deadline = ctx.executor().schedule(() -> ctx.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }
}
