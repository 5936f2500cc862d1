package dev.ccr.proxy;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.server.ClientInitializer;
import dev.ccr.proxy.server.Snapshot;
import dev.ccr.proxy.tokens.CounterLimits;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.EventLoops;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamPool;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running router: the only door for whoever starts one. */
public final class ProxyServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

  /** How long closing waits for the event loops to end, in milliseconds. */
  private static final long CLOSE_MILLIS = 5_000;

  private final EventLoops loops;
  private final DnsAddressResolverGroup resolver;
  private final UpstreamTls tls;
  private final TokenCounter counter;
  private final Channel listener;

  private ProxyServer(
      EventLoops loops,
      DnsAddressResolverGroup resolver,
      UpstreamTls tls,
      TokenCounter counter,
      Channel listener) {
    this.counter = counter;
    this.loops = loops;
    this.resolver = resolver;
    this.tls = tls;
    this.listener = listener;
  }

  /**
   * Starts a router.
   *
   * @throws IOException if its address cannot be listened on
   */
  public static ProxyServer start(Config config) throws IOException {
    return start(config, Transport.best(), new UpstreamTls());
  }

  /**
   * Starts a router on a given transport.
   *
   * @param tls how upstreams are trusted, taken: closed with the router
   * @throws IOException if its address cannot be listened on
   */
  public static ProxyServer start(Config config, Transport transport, UpstreamTls tls)
      throws IOException {
    Snapshot snapshot = Snapshot.of(config);
    EventLoops loops = new EventLoops(transport);
    DnsAddressResolverGroup resolver =
        new DnsAddressResolverGroup(
            new DnsNameResolverBuilder().datagramChannelType(transport.datagramChannel()));
    Map<EventLoop, UpstreamPool> pools =
        pools(loops, transport, resolver, tls, config.limits());
    TokenCounter counter = new TokenCounter(CounterLimits.defaults());
    long startNanos = loops.next().ticker().nanoTime();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ClientInitializer(
                    () -> snapshot, channel -> poolOf(pools, channel), counter, startNanos))
            .bind(new InetSocketAddress(config.server().host(), config.server().port()))
            .awaitUninterruptibly();
    ProxyServer server = new ProxyServer(loops, resolver, tls, counter, bound.channel());
    if (!bound.isSuccess()) {
      server.close();
      throw new IOException(
          config.server().host() + ":" + config.server().port() + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    if (snapshot.targets().values().stream().anyMatch(target -> target.origin().tls())) {
      tls.load();
    }
    LOG.info(
        "listening on {} ({}), {} providers",
        server.address(),
        transport,
        config.providers().size());
    return server;
  }

  /** Where clients reach the router; the port is a real one even if any was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Completes when the router no longer listens. */
  public void awaitClose() throws InterruptedException {
    listener.closeFuture().sync();
  }

  /** Stops listening and breaks what is under way. */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    counter.close();
    resolver.close();
    loops
        .shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_MILLIS);
    tls.close();
  }

  private static Map<EventLoop, UpstreamPool> pools(
      EventLoops loops,
      Transport transport,
      DnsAddressResolverGroup resolver,
      UpstreamTls tls,
      Limits limits) {
    Map<EventLoop, UpstreamPool> pools = new HashMap<>();
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      pools.put(loop, new UpstreamPool(loop, transport, resolver, tls, limits));
    }
    return pools; // written before the first connection, only read afterwards
  }

  private static UpstreamPool poolOf(Map<EventLoop, UpstreamPool> pools, Channel channel) {
    UpstreamPool pool = pools.get(channel.eventLoop());
    if (pool == null) {
      throw new IllegalStateException("an event loop of another group");
    }
    return pool;
  }
}
