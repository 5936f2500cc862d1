package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.Route;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelHandler.Sharable;

/**
 * Lets an exchange pass if its client may use the model that it is routed to. What he asked for
 * does not count: an alias, a rule or a scenario may lead anywhere. A question for a number of
 * tokens that needs no route needs no permission either. Any connection may share it.
 */
@Sharable
final class PermissionHandler extends ChannelInboundHandlerAdapter {

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof Exchange exchange && exchange.isRouted()) {
      Client client = exchange.log().client();
      Route route = exchange.route();
      if (client != null && !client.allows(route.provider().name(), route.model())) {
        exchange.release();
        throw new RequestException(
            ApiErrorType.PERMISSION,
            "model: " + HeaderText.of(route.provider().name() + "," + route.model())
                + " (expected: one that the key of " + client.name() + " may use)");
      }
    }
    ctx.fireChannelRead(msg);
  }
}
