package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to upstreams. Connections are made on the loop itself, so that
 * request and answer of an exchange never change threads; idle ones are kept per origin, the one
 * used last is used first. Where TLS agrees on HTTP/2, requests share connections as streams. Only
 * its event loop may use a pool.
 */
public final class UpstreamPool {

  private static final AttributeKey<Boolean> USED =
      AttributeKey.valueOf(UpstreamPool.class, "USED");

  /** Of how many origins without connections it is remembered what they speak. */
  private static final int MAX_UNUSED = 64;

  private final EventLoop loop;
  private final Transport transport;
  private final Connector connector;
  private final ConnectionBudget budget;
  private final Map<Origin, OriginPool> origins = new HashMap<>();

  /** What was asked for last, which is mostly asked for again: its hash is a deep one. */
  private @Nullable Origin lastOrigin;

  private @Nullable OriginPool lastPool;

  /**
   * A pool whose connections are counted by themselves.
   *
   * @param resolver shared by all pools; must not block the loop
   */
  public UpstreamPool(
      EventLoop loop,
      Transport transport,
      AddressResolverGroup<InetSocketAddress> resolver,
      UpstreamTls tls) {
    this(loop, transport, resolver, tls, new ConnectionBudget());
  }

  /**
   * @param resolver shared by all pools; must not block the loop
   * @param budget shared by all pools
   */
  public UpstreamPool(
      EventLoop loop,
      Transport transport,
      AddressResolverGroup<InetSocketAddress> resolver,
      UpstreamTls tls,
      ConnectionBudget budget) {
    this.loop = loop;
    this.transport = transport;
    this.budget = budget;
    connector = new Connector(loop, transport, resolver, tls);
  }

  /**
   * Gets a channel ready for one request: an idle connection, a stream on one of HTTP/2, or a new
   * connection.
   *
   * @param limits those of the request; the connection keeps them while it idles afterwards
   * @return fails with {@link UpstreamException} if none can be made, or none is free in time. The
   *     taker ends with {@link #release} or closes the channel. Who does not want it any more
   *     cancels it, and has nothing to give back then unless it is done already
   */
  public Future<Channel> acquire(Origin origin, Limits limits) {
    return of(origin).acquire(limits, false);
  }

  /**
   * Gets a channel on a connection on which nothing has been asked yet, whatever idles: for the
   * second try of a request whose first met a connection that the peer had closed already.
   *
   * @return as {@link #acquire}
   */
  public Future<Channel> acquireNew(Origin origin, Limits limits) {
    return of(origin).acquire(limits, true);
  }

  /**
   * Whether a connection was used or idled before its taker got it. Peers hang up on idle
   * connections when they like, so that such a one may be gone without a word of the request having
   * been seen (RFC 9112, section 9.5).
   */
  public static boolean wasUsed(Channel channel) {
    return channel.hasAttr(USED);
  }

  static void markUsed(Channel channel) {
    channel.attr(USED).set(true);
    UpstreamCodec codec = channel.pipeline().get(UpstreamCodec.class);
    if (codec != null) {
      codec.rest();
    }
  }

  /** Whether any byte came since the connection's taker got it, if that is known. */
  public static boolean hasSpoken(Channel channel) {
    UpstreamCodec codec = channel.pipeline().get(UpstreamCodec.class);
    return codec != null && codec.hasSpoken();
  }

  /** Takes back a channel whose last answer is complete, or on which nothing was asked. */
  public void release(Origin origin, Channel channel) {
    of(origin).release(channel);
  }

  /** Connections to an origin that nothing is asked on. */
  public int idleConnections(Origin origin) {
    return of(origin).idleConnections();
  }

  /** Connections of this loop to an origin, idle or in use. */
  public int openConnections(Origin origin) {
    return of(origin).openConnections();
  }

  /** Requests of this loop that wait for a connection to an origin. */
  public int waiting(Origin origin) {
    return of(origin).waiting();
  }

  private OriginPool of(Origin origin) {
    OriginPool pool = lastPool;
    if (pool == null || !origin.equals(lastOrigin)) {
      pool = find(origin);
      lastOrigin = origin;
      lastPool = pool;
    }
    return pool;
  }

  private OriginPool find(Origin origin) {
    OriginPool pool = origins.get(origin);
    if (pool == null) {
      if (origins.size() >= MAX_UNUSED) { // origins may be of configurations that are gone
        origins.values().removeIf(OriginPool::leaveIfUnused);
      }
      pool = new OriginPool(origin, loop, transport, connector, budget);
      origins.put(origin, pool);
    }
    return pool;
  }
}
