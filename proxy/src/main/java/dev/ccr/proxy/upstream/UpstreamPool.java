package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to upstreams. Connections are made on the loop itself, so that
 * request and answer of an exchange never change threads; idle ones are kept per origin, the one
 * used last is used first. Only its event loop may use a pool.
 */
public final class UpstreamPool {

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final UpstreamTls tls;
  private final Map<Origin, Deque<Channel>> idle = new HashMap<>();

  /**
   * @param resolver shared by all pools; must not block the loop
   */
  public UpstreamPool(
      EventLoop loop,
      Transport transport,
      AddressResolverGroup<InetSocketAddress> resolver,
      UpstreamTls tls) {
    this.loop = loop;
    this.tls = tls;
    bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.clientChannel())
            .resolver(resolver)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true);
  }

  /**
   * Gets a connection ready for one request: an idle one, or a new one.
   *
   * @param limits those of the request; the connection keeps them while it idles afterwards
   * @return fails with {@link UpstreamException} if none can be made. The taker ends with {@link
   *     #release} or closes the channel
   */
  public Future<Channel> acquire(Origin origin, Limits limits) {
    Deque<Channel> channels = idle.get(origin);
    for (Channel channel; channels != null && (channel = channels.pollFirst()) != null; ) {
      if (channel.isActive()) {
        channel.pipeline().get(UpstreamTimeoutHandler.class).take(limits);
        return loop.newSucceededFuture(channel);
      }
    }
    return connect(origin, limits);
  }

  /** Takes back a connection whose last answer is complete. */
  public void release(Origin origin, Channel channel) {
    UpstreamTimeoutHandler clock = channel.pipeline().get(UpstreamTimeoutHandler.class);
    if (!channel.isActive()
        || idleConnections(origin) >= clock.limits().idleUpstreamConnectionsPerOrigin()) {
      channel.close();
      return;
    }
    channel.config().setAutoRead(true);
    clock.put();
    idle.computeIfAbsent(origin, o -> new ArrayDeque<>()).addFirst(channel);
  }

  /** Idle connections to an origin. */
  public int idleConnections(Origin origin) {
    Deque<Channel> channels = idle.get(origin);
    return channels == null ? 0 : channels.size();
  }

  private Future<Channel> connect(Origin origin, Limits limits) {
    Promise<Channel> promise = loop.newPromise();
    if (origin.tls()) {
      tls.context(loop)
          .addListener(
              (Future<SslContext> loaded) -> {
                if (loaded.isSuccess()) {
                  connect(origin, limits, loaded.getNow(), promise);
                } else {
                  promise.setFailure(failure(origin, loaded.cause()));
                }
              });
    } else {
      connect(origin, limits, null, promise);
    }
    return promise;
  }

  private void connect(
      Origin origin, Limits limits, @Nullable SslContext context, Promise<Channel> promise) {
    ChannelFuture connected =
        bootstrap
            .clone()
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(limits.connect().toMillis()))
            .handler(new UpstreamInitializer(origin, context, limits, promise))
            .connect(InetSocketAddress.createUnresolved(origin.host(), origin.port()));
    connected.addListener(
        future -> {
          if (!future.isSuccess()) {
            promise.tryFailure(failure(origin, future.cause()));
          }
        });
    Channel channel = connected.channel();
    channel.closeFuture().addListener(closed -> forget(origin, channel));
  }

  private void forget(Origin origin, Channel channel) {
    Deque<Channel> channels = idle.get(origin);
    if (channels != null) {
      channels.remove(channel);
      if (channels.isEmpty()) { // the origin may be of a configuration that is gone
        idle.remove(origin);
      }
    }
  }

  /** Says in one line what went wrong where, without the peer's own words. */
  static UpstreamException failure(Origin origin, Throwable cause) {
    String what =
        switch (cause) {
          case ConnectTimeoutException e -> "no connection in time";
          case ConnectException e -> "connection refused or unreachable";
          case NoRouteToHostException e -> "connection refused or unreachable";
          case UnknownHostException e -> "host name not found";
          case SSLException e -> "TLS failed: " + root(e).getMessage();
          case ClosedChannelException e when origin.tls() ->
              "TLS failed: connection closed inside the handshake";
          default -> cause.getClass().getSimpleName();
        };
    return UpstreamException.badGateway("upstream " + origin + ": " + what);
  }

  /** What a certificate lacks stands behind exceptions that only say that something is wrong. */
  private static Throwable root(Throwable cause) {
    Throwable root = cause;
    for (Throwable next; (next = root.getCause()) != null && next.getMessage() != null; ) {
      root = next;
    }
    return root;
  }
}
