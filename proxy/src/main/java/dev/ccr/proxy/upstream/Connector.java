package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.ForwardProxy;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the connections of one event loop to upstreams. Only that loop may use it. */
final class Connector {

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final AddressResolverGroup<InetSocketAddress> resolver;
  private final UpstreamTls tls;
  private final AddressOrder order = new AddressOrder();

  /**
   * @param resolver shared by all loops; must not block them
   */
  Connector(
      EventLoop loop,
      Transport transport,
      AddressResolverGroup<InetSocketAddress> resolver,
      UpstreamTls tls) {
    this.loop = loop;
    this.resolver = resolver;
    this.tls = tls;
    bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.clientChannel())
            .disableResolver() // addresses are looked up before
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // all of a host's have one clock
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true);
    transport.findDeadPeers(bootstrap);
  }

  /**
   * Makes a connection that is ready for its first request.
   *
   * @return fails with {@link UpstreamException}, which says what went wrong. Whoever cancels it
   *     gives up: a connection that is half made is closed at once
   */
  Future<Channel> connect(Origin origin, Limits limits) {
    Promise<Channel> promise = loop.newPromise();
    if (origin.tls()) {
      tls.context(origin.way().tls(), true, loop)
          .addListener(
              (Future<SslContext> loaded) -> {
                if (promise.isDone()) { // nobody waits any more
                  release(loaded);
                } else if (loaded.isSuccess()) {
                  promise.addListener(made -> release(loaded));
                  connect(origin, limits, loaded.getNow(), promise);
                } else {
                  promise.setFailure(failure(origin, limits, loaded.cause()));
                }
              });
    } else {
      connect(origin, limits, null, promise);
    }
    return promise;
  }

  private void connect(
      Origin origin, Limits limits, @Nullable SslContext context, Promise<Channel> promise) {
    ChannelHandler handler = new UpstreamInitializer(origin, context, limits, promise);
    ForwardProxy proxy = origin.way().proxy();
    if (proxy == null) {
      dial(place(origin), origin.host(), origin.port(), limits, handler, promise);
    } else if (proxy.tls()) {
      tls.context(origin.way().tls().withoutCertificate(), false, loop)
          .addListener(
              (Future<SslContext> loaded) -> {
                if (promise.isDone()) {
                  release(loaded);
                } else if (loaded.isSuccess()) {
                  promise.addListener(made -> release(loaded));
                  dial(origin, proxy, limits, loaded.getNow(), handler, promise);
                } else {
                  promise.setFailure(failure(origin, limits, loaded.cause()));
                }
              });
    } else {
      dial(origin, proxy, limits, null, handler, promise);
    }
  }

  private static void release(Future<SslContext> loaded) {
    if (loaded.isSuccess()) {
      ReferenceCountUtil.release(loaded.getNow());
    }
  }

  /** The name of the upstream is not looked up here: that is the proxy's to do. */
  private void dial(
      Origin origin,
      ForwardProxy proxy,
      Limits limits,
      @Nullable SslContext tls,
      ChannelHandler next,
      Promise<Channel> promise) {
    dial(
        place(origin, proxy),
        proxy.host(),
        proxy.port(),
        limits,
        new TunnelInitializer(origin, proxy, tls, limits, next, promise),
        promise);
  }

  private void dial(
      String place,
      String host,
      int port,
      Limits limits,
      ChannelHandler handler,
      Promise<Channel> promise) {
    Future<List<InetSocketAddress>> addresses =
        resolver.getResolver(loop).resolveAll(InetSocketAddress.createUnresolved(host, port));
    // a name server that is silent, and one behind it, may take longer than anybody waits
    Future<?> deadline =
        loop.schedule(
            () -> promise.tryFailure(ConnectFailures.of(place, false, limits, lookupTimeout())),
            limits.connect().toMillis(),
            TimeUnit.MILLISECONDS);
    addresses.addListener(
        (Future<List<InetSocketAddress>> resolved) -> {
          deadline.cancel(false);
          if (promise.isDone()) {
            return;
          }
          if (!resolved.isSuccess()) {
            promise.tryFailure(ConnectFailures.of(place, false, limits, resolved.cause()));
            return;
          }
          AddressRace race =
              new AddressRace(
                  loop,
                  bootstrap,
                  order.of(resolved.getNow()),
                  handler,
                  cause -> promise.tryFailure(ConnectFailures.of(place, false, limits, cause)));
          promise.addListener(
              done -> {
                if (done.isCancelled()) {
                  race.giveUp();
                }
              });
          race.start(limits.connect());
        });
  }

  private static UnknownHostException lookupTimeout() {
    UnknownHostException late = new UnknownHostException();
    late.initCause(new ConnectTimeoutException());
    return late;
  }

  /** Says in one line what went wrong where, without the peer's own words. */
  static UpstreamException failure(Origin origin, Limits limits, Throwable cause) {
    return ConnectFailures.of(place(origin), origin.tls(), limits, cause);
  }

  private static String place(Origin origin) {
    ForwardProxy proxy = origin.way().proxy();
    return "upstream " + origin + (proxy == null ? "" : " through proxy " + proxy);
  }

  /** How messages name a proxy on the way to an origin. */
  static String place(Origin origin, ForwardProxy proxy) {
    return "upstream " + origin + ": proxy " + proxy;
  }
}
