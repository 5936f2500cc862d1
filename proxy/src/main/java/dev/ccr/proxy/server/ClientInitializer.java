package dev.ccr.proxy.server;

import dev.ccr.proxy.auth.AuthHandler;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import java.util.function.Function;

/** Sets up the line for a client's connection. */
public final class ClientInitializer extends ChannelInitializer<Channel> {

  private final LiveConfig config;
  private final Function<Channel, UpstreamPool> pools;
  private final TokenCounter counter;
  private final Metrics metrics;
  private final long startNanos;
  private final Drain drain;

  /**
   * @param config what is in force; handlers ask for every request
   * @param pools gives the pool of a channel's event loop
   * @param counter counts tokens for all clients
   * @param metrics counts their requests
   * @param startNanos when the server started
   * @param drain gets to know each connection
   */
  public ClientInitializer(
      LiveConfig config,
      Function<Channel, UpstreamPool> pools,
      TokenCounter counter,
      Metrics metrics,
      long startNanos,
      Drain drain) {
    this.config = config;
    this.counter = counter;
    this.metrics = metrics;
    this.pools = pools;
    this.startNanos = startNanos;
    this.drain = drain;
  }

  @Override
  protected void initChannel(Channel channel) {
    RequestLog log = new RequestLog(metrics);
    metrics.connected();
    channel.closeFuture().addListener(closed -> metrics.disconnected());
    UpstreamPool pool = pools.apply(channel);
    Limits limits = config.get().config().limits();
    channel
        .pipeline()
        .addLast(
            new ClientCodec(limits.clientHeader()),
            new HttpServerKeepAliveHandler(),
            new PipeliningHandler(log),
            new ClientTimeoutHandler(limits),
            new MalformedRequestHandler(),
            new DrainHandler(drain),
            new ProbeHandler(Version.TEXT, startNanos, config, drain),
            new MetricsHandler(metrics, () -> config.get().keys()),
            new AuthHandler(() -> config.get().keys(), log::client),
            new ModelsHandler(config, log),
            new EndpointHandler(),
            new BodyHandler(config, log),
            new RoutingHandler(counter),
            new PermissionHandler(),
            new CountTokensHandler(pool, counter),
            new HeartbeatHandler(),
            new ProviderCodecHandler(pool),
            new ErrorReply(log));
  }
}
