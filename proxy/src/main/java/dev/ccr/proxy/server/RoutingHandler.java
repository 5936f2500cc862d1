package dev.ccr.proxy.server;

import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.route.RequestScan;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Decides where an exchange goes. */
final class RoutingHandler extends ChannelInboundHandlerAdapter {

  private final RequestScan scan = new RequestScan();

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof Exchange exchange) {
      boolean routed = false;
      try {
        RequestFacts facts = scan.scan(exchange.body());
        exchange.route(facts, exchange.snapshot().router().route(facts));
        routed = true;
      } finally {
        if (!routed) {
          exchange.release();
        }
      }
    }
    ctx.fireChannelRead(msg);
  }
}
