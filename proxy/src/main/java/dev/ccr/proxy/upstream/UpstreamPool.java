package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The connections of one event loop to upstreams. Connections are made on the loop itself, so that
 * request and answer of an exchange never change threads; idle ones are kept per origin, the one
 * used last is used first. Only its event loop may use a pool.
 */
public final class UpstreamPool {

  private static final AttributeKey<Boolean> USED =
      AttributeKey.valueOf(UpstreamPool.class, "USED");

  private final EventLoop loop;
  private final Connector connector;
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
    connector = new Connector(loop, transport, resolver, tls);
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

  /**
   * Gets a connection on which nothing has been asked yet, whatever idles: for the second try of a
   * request whose first met a connection that the peer had closed already.
   *
   * @return as {@link #acquire}
   */
  public Future<Channel> acquireNew(Origin origin, Limits limits) {
    return connect(origin, limits);
  }

  /**
   * Whether a connection was used before its taker got it. Peers hang up on idle connections when
   * they like, so that such a one may be gone without a word of the request having been seen (RFC
   * 9112, section 9.5).
   */
  public static boolean wasUsed(Channel channel) {
    return channel.hasAttr(USED);
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
    channel.attr(USED).set(true);
    clock.put();
    idle.computeIfAbsent(origin, o -> new ArrayDeque<>()).addFirst(channel);
  }

  /** Idle connections to an origin. */
  public int idleConnections(Origin origin) {
    Deque<Channel> channels = idle.get(origin);
    return channels == null ? 0 : channels.size();
  }

  private Future<Channel> connect(Origin origin, Limits limits) {
    return connector
        .connect(origin, limits)
        .addListener(
            (Future<Channel> connected) -> {
              if (connected.isSuccess()) {
                Channel channel = connected.getNow();
                channel.closeFuture().addListener(closed -> forget(origin, channel));
              }
            });
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
}
