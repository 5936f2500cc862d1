package dev.ccr.proxy.server;

import dev.ccr.proxy.server.Drain.Stage;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Takes leave of a client that speaks HTTP/2 when the router ends: GOAWAY, after which the client
 * begins no stream any more, and the connection closes with its last stream (RFC 9113, section
 * 6.8). What becomes of a stream's answer is its own {@link DrainHandler}'s to say.
 */
final class Http2DrainHandler extends ChannelInboundHandlerAdapter {

  private final Drain drain;

  Http2DrainHandler(Drain drain) {
    this.drain = drain;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    drain.add(ctx.channel());
    if (drain.stage().compareTo(Stage.DRAINING) >= 0) {
      ctx.channel().eventLoop().execute(ctx::close); // once all handlers are there
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Stage.DRAINING || event == Stage.OVER) { // whichever is the first to come
      ctx.close(); // the codec says GOAWAY, and waits for the streams
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }
}
