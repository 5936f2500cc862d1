package dev.ccr.proxy.server;

import dev.ccr.proxy.auth.AuthHandler;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sets up the line for a client's connection. */
public final class ClientInitializer extends ChannelInitializer<Channel> {

  private static final int MAX_REQUEST_LINE = 8192;
  private static final int MAX_HEADER_BYTES = 65_536;

  private final Supplier<Snapshot> snapshots;
  private final Function<Channel, UpstreamPool> pools;
  private final TokenCounter counter;
  private final long startNanos;

  /**
   * @param snapshots the configuration in force, asked once a request
   * @param pools gives the pool of a channel's event loop
   * @param counter counts tokens for all clients
   * @param startNanos when the server started
   */
  public ClientInitializer(
      Supplier<Snapshot> snapshots,
      Function<Channel, UpstreamPool> pools,
      TokenCounter counter,
      long startNanos) {
    this.counter = counter;
    this.snapshots = snapshots;
    this.pools = pools;
    this.startNanos = startNanos;
  }

  @Override
  protected void initChannel(Channel channel) {
    RequestLog log = new RequestLog();
    UpstreamPool pool = pools.apply(channel);
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_REQUEST_LINE)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)),
            new HttpServerKeepAliveHandler(),
            new PipeliningHandler(log),
            new ClientTimeoutHandler(snapshots.get().config().limits()),
            new ProbeHandler(Version.TEXT, startNanos),
            new AuthHandler(() -> snapshots.get().keys()),
            new ModelsHandler(snapshots, log),
            new EndpointHandler(),
            new BodyHandler(snapshots, log),
            new RoutingHandler(counter),
            new CountTokensHandler(pool, counter),
            new ProviderCodecHandler(pool),
            new ErrorReply(log));
  }
}
