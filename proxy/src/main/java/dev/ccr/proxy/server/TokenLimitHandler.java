package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Permit;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.tokens.InputMeter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Holds a request's tokens against the minute of its client: what it is estimated to have now, what
 * it had and what the answer has when it is over.
 */
final class TokenLimitHandler extends ChannelInboundHandlerAdapter {

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof Exchange exchange) {
      Permit permit = exchange.log().permit();
      if (permit != null && permit.hasTokenLimit()) {
        boolean admitted = false;
        try {
          permit.tokens(estimate(exchange));
          admitted = true;
        } finally {
          if (!admitted) {
            exchange.release();
          }
        }
      }
    }
    ctx.fireChannelRead(msg);
  }

  private static long estimate(Exchange exchange) {
    return new BodyTokens(InputMeter.ofThisThread(), exchange.body()).measure().estimate();
  }
}
