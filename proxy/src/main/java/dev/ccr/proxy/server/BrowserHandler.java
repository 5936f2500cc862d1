package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.model.RequestException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * Refuses what a web page made a browser send: see {@link BrowserRules}. It stands before all that
 * answers, since a page might read {@code /health} and {@code /metrics} too.
 */
final class BrowserHandler extends ChannelInboundHandlerAdapter {

  private final Supplier<Config> config;
  private final boolean local;

  /**
   * @param config asked for every request, since a reload may change it
   * @param local whether the router listens on a loopback address only
   */
  BrowserHandler(Supplier<Config> config, boolean local) {
    this.config = config;
    this.local = local;
  }

  /** Whether a client's connection was accepted on a loopback address, by whoever made it. */
  static boolean isLocal(Channel channel) {
    Channel listener = channel.parent();
    if (listener != null && !(listener instanceof ServerChannel)) { // a stream's connection
      listener = listener.parent();
    }
    return listener == null
        || (listener.localAddress() instanceof InetSocketAddress address
            && address.getAddress().isLoopbackAddress());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpRequest request) {
      RequestException fault = BrowserRules.fault(request, config.get(), local);
      if (fault != null) {
        throw fault;
      }
    }
    ctx.fireChannelRead(msg);
  }
}
