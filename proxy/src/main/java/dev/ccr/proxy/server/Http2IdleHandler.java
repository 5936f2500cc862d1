package dev.ccr.proxy.server;

import dev.ccr.proxy.upstream.DeadlineTimer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2FrameStreamEvent;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a connection of HTTP/2: one without streams is closed after a while, and the client
 * is told so by GOAWAY (RFC 9113, section 6.8). Pings do not keep it open. Streams have clocks of
 * their own. It stands between the codec and the streams, where all frames pass.
 */
final class Http2IdleHandler extends ChannelInboundHandlerAdapter {

  private final Http2Connection connection;
  private final Duration patience;
  private @Nullable DeadlineTimer timer;

  /** @param patience how long it may be without a stream */
  Http2IdleHandler(Http2Connection connection, Duration patience) {
    this.connection = connection;
    this.patience = patience;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer = new DeadlineTimer(ctx.executor(), patience, () -> expired(ctx));
    move();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof Http2StreamFrame) {
      move();
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2FrameStreamEvent) { // perhaps the end of the last stream
      move();
    }
    ctx.fireUserEventTriggered(event);
  }

  private void expired(ChannelHandlerContext ctx) {
    if (connection.numActiveStreams() > 0) {
      move();
    } else {
      ctx.close(); // the codec says GOAWAY first
    }
  }

  private void move() {
    if (timer != null) {
      timer.set(patience);
    }
  }
}
