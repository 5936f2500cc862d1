package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.ForwardProxy;
import dev.ccr.proxy.config.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;

/** Sets up a new connection to a proxy, which is to become one to an upstream. */
final class TunnelInitializer extends ChannelInitializer<Channel> {

  private static final int MAX_STATUS_LINE = 4096;
  private static final int MAX_HEADER_BYTES = 16_384;

  private final Origin origin;
  private final ForwardProxy proxy;
  private final @Nullable SslContext tls;
  private final Limits limits;
  private final ChannelHandler next;
  private final Promise<Channel> ready;

  /**
   * @param tls for a proxy with an https URL
   * @param next takes the pipeline over once bytes go to the upstream
   * @param ready fails if none do
   */
  TunnelInitializer(
      Origin origin,
      ForwardProxy proxy,
      @Nullable SslContext tls,
      Limits limits,
      ChannelHandler next,
      Promise<Channel> ready) {
    this.origin = origin;
    this.proxy = proxy;
    this.tls = tls;
    this.limits = limits;
    this.next = next;
    this.ready = ready;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (tls != null) {
      SslHandler ssl = tls.newHandler(channel.alloc(), proxy.host(), proxy.port());
      ssl.setHandshakeTimeoutMillis(0); // the tunnel has a clock
      channel.pipeline().addLast(ssl);
    }
    HttpClientCodec codec =
        new HttpClientCodec(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_STATUS_LINE)
                .setMaxHeaderSize(MAX_HEADER_BYTES),
            false,
            false);
    channel
        .pipeline()
        .addLast(codec, new TunnelHandler(origin, proxy, limits, codec, next, ready));
  }
}
