package dev.ccr.proxy.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of a stage that takes a millisecond for a megabyte of JSON: an exchange with a
 * large body waits here until the event loop has looked at its other connections, so that their
 * events wait for one such stage and not for all of them. One a connection and stage.
 */
final class LargeBodyHandler extends ChannelInboundHandlerAdapter {

  /** In bytes: what is smaller is through sooner than the loop is round. */
  static final int LARGE = 256 * 1024;

  private @Nullable Exchange waiting; // owned

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof Exchange exchange && exchange.body().readableBytes() >= LARGE) {
      waiting = exchange;
      nextTurn(ctx);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  /** Tasks of this turn come before the sockets are looked at, and so do those that are due. */
  private void nextTurn(ChannelHandlerContext ctx) {
    EventExecutor loop = ctx.executor();
    loop.execute(() -> loop.schedule(() -> pass(ctx), 0, TimeUnit.NANOSECONDS));
  }

  private void pass(ChannelHandlerContext ctx) {
    Exchange exchange = waiting;
    if (exchange != null) {
      waiting = null;
      ctx.fireChannelRead(exchange);
    }
  }

  /** The router ends: the client hears it, and nobody is asked any more. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.Stage.OVER) {
      drop();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    drop();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    drop();
  }

  private void drop() {
    if (waiting != null) {
      waiting.release();
      waiting = null;
    }
  }
}
