package dev.ccr.proxy.server;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Has an exchange answered by upstreams. It keeps hold of the call: when the client leaves the call
 * is given up, when the client is slow the upstream is not read.
 */
final class ProviderCodecHandler extends ChannelInboundHandlerAdapter {

  private final UpstreamPool pool;
  private @Nullable UpstreamCall call;

  ProviderCodecHandler(UpstreamPool pool) {
    this.pool = pool;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Failure {
    if (msg instanceof Exchange exchange) {
      // Once it is over a connection that idles has no need of it, nor of all that it knows.
      UpstreamCall next = new UpstreamCall(ctx.channel(), exchange, pool, () -> call = null);
      call = next;
      next.start();
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (call != null) {
      call.readUpstream(ctx.channel().isWritable());
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.Stage.OVER && call != null) {
      call.cutShort();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (call != null) {
      call.cancel();
    }
    ctx.fireChannelInactive();
  }
}
