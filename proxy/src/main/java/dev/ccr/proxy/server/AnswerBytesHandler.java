package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Admission;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;

/**
 * Tells how much of its answers a connection keeps since its client reads slowly. It looks once a
 * flush, and when an answer has left: between two flushes what has been read meanwhile still
 * counts, at most Netty's mark of 64 KiB.
 */
final class AnswerBytesHandler extends ChannelDuplexHandler {

  private final Admission admission;
  private long counted;

  AnswerBytesHandler(Admission admission) {
    this.admission = admission;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof LastHttpContent) {
      ctx.write(msg, promise.unvoid().addListener(this::left));
    } else {
      ctx.write(msg, promise);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    count(queued(ctx.channel()));
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    count(queued(ctx.channel()));
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    count(0);
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    count(0);
  }

  /** The end of an answer has left, and so has all before it. */
  private void left(Future<?> written) {
    count(0);
  }

  /** By how far it is from the marks at which a channel becomes writable or not. */
  static long queued(Channel client) {
    if (!client.isActive()) {
      return 0;
    }
    long queued =
        client.isWritable()
            ? client.config().getWriteBufferHighWaterMark() + 1 - client.bytesBeforeUnwritable()
            : client.config().getWriteBufferLowWaterMark() - 1 + client.bytesBeforeWritable();
    return Math.max(0, queued);
  }

  private void count(long queued) {
    if (queued != counted) {
      admission.queued(queued - counted);
      counted = queued;
    }
  }
}
