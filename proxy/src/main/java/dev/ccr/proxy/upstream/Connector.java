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
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes the connections of one event loop to upstreams. Only that loop may use it. */
final class Connector {

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final UpstreamTls tls;

  /**
   * @param resolver shared by all loops; must not block them
   */
  Connector(
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
   * Makes a connection that is ready for its first request.
   *
   * @return fails with {@link UpstreamException}, which says what went wrong
   */
  Future<Channel> connect(Origin origin, Limits limits) {
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
