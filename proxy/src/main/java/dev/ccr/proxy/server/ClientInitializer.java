package dev.ccr.proxy.server;

import dev.ccr.proxy.auth.AuthHandler;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sets up the line for a client's connection, or for each stream of one that speaks HTTP/2. May be
 * shared by connections of all event loops.
 */
public final class ClientInitializer extends ChannelInitializer<Channel> {

  private final LiveConfig config;
  private final Function<Channel, UpstreamPool> pools;
  private final TokenCounter counter;
  private final Metrics metrics;
  private final AdmissionControl control;
  private final long startNanos;
  private final Drain drain;

  /**
   * @param config what is in force; handlers ask for every request
   * @param pools gives the pool of a channel's event loop
   * @param counter counts tokens for all clients
   * @param metrics counts their requests
   * @param control decides what is taken on
   * @param startNanos when the server started
   * @param drain gets to know each connection
   */
  public ClientInitializer(
      LiveConfig config,
      Function<Channel, UpstreamPool> pools,
      TokenCounter counter,
      Metrics metrics,
      AdmissionControl control,
      long startNanos,
      Drain drain) {
    this.config = config;
    this.counter = counter;
    this.metrics = metrics;
    this.control = control;
    this.pools = pools;
    this.startNanos = startNanos;
    this.drain = drain;
  }

  @Override
  protected void initChannel(Channel channel) {
    connected(channel);
    channel.pipeline().addLast(new FirstBytesHandler(this::http2));
    http1(channel);
  }

  /** Counts a connection as long as it lasts. */
  void connected(Channel channel) {
    metrics.connected();
    channel.closeFuture().addListener(closed -> metrics.disconnected());
  }

  /** Sets up a connection of HTTP/1.1 whose requests are all refused, since they lack TLS. */
  void refused(Channel channel) {
    http1(channel);
    ChannelHandlerContext clock = channel.pipeline().context(ClientTimeoutHandler.class);
    channel.pipeline().addAfter(clock.name(), "tls-only", new TlsOnlyHandler());
  }

  /** Sets up a connection of HTTP/1.1: one exchange after the other. */
  void http1(Channel channel) {
    Limits limits = config.get().config().limits();
    channel
        .pipeline()
        .addLast(new ClientCodec(limits.clientHeader()), new HttpServerKeepAliveHandler());
    line(channel);
  }

  /** Sets up a connection of HTTP/2: an exchange a stream, each with a line of its own. */
  void http2(Channel channel) {
    Http2Server.serve(channel, config.get().config().limits(), this::line);
    channel.pipeline().addLast(new Http2DrainHandler(drain));
    if (AcceptHandler.isExcess(channel)) { // its streams are refused: it has to come again
      channel
          .eventLoop()
          .schedule(() -> channel.close(), ExcessHandler.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** The line itself, for a connection of HTTP/1.1 or for a stream of HTTP/2. */
  private void line(Channel channel) {
    RequestLog log = new RequestLog(metrics);
    UpstreamPool pool = pools.apply(channel);
    PipeliningHandler pipelining = new PipeliningHandler(log);
    channel
        .pipeline()
        .addLast(
            new AnswerBytesHandler(control.admission()),
            pipelining,
            new ClientTimeoutHandler(config.get().config().limits()),
            new MalformedRequestHandler(),
            new BrowserHandler(() -> config.get().config(), BrowserHandler.isLocal(channel)),
            new DrainHandler(drain),
            new ProbeHandler(Version.TEXT, startNanos, config, drain),
            new MetricsHandler(metrics, config),
            new AuthHandler(() -> config.get().keys(), log::client),
            new ModelsHandler(config, log),
            new EndpointHandler(),
            new AdmissionHandler(control.admission(), control.probe(channel), config, log),
            new BodyHandler(config, log),
            new LargeBodyHandler(),
            new RoutingHandler(counter),
            new PermissionHandler(),
            new CountTokensHandler(pool, counter),
            new TokenLimitHandler(),
            new HeartbeatHandler(),
            new LargeBodyHandler(),
            new ProviderCodecHandler(pool),
            new ErrorReply(log));
    if (AcceptHandler.isExcess(channel)) {
      String before = channel.pipeline().context(pipelining).name();
      channel.pipeline().addAfter(before, null, new ExcessHandler());
    }
  }
}
