package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.TlsFiles;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * All of a router's connections to upstreams: a pool for each event loop, and what the pools share.
 * Any thread may use it.
 */
public final class Upstreams implements AutoCloseable {

  private final AddressResolverGroup<InetSocketAddress> resolver;
  private final UpstreamTls tls;
  private final ConnectionBudget budget = new ConnectionBudget();
  private final Map<EventLoop, UpstreamPool> pools = new HashMap<>(); // only read from here on

  /**
   * @param loops all that will ever ask for a pool
   * @param tls taken: closed with this
   */
  public Upstreams(EventLoops loops, Transport transport, UpstreamTls tls) {
    this.tls = tls;
    resolver = NameResolvers.ofThisMachine(transport);
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      pools.put(loop, new UpstreamPool(loop, transport, resolver, tls, budget));
    }
  }

  /** The pool of a channel's event loop. */
  public UpstreamPool poolOf(Channel channel) {
    UpstreamPool pool = pools.get(channel.eventLoop());
    if (pool == null) {
      throw new IllegalStateException("an event loop of another group");
    }
    return pool;
  }

  /** Begins to load what TLS needs for those, and gives up what it needed for others. */
  public void keepOnly(Set<TlsFiles> used) {
    tls.keepOnly(used);
    used.forEach(tls::load);
  }

  /** How the connections are counted. */
  public ConnectionBudget budget() {
    return budget;
  }

  /** Gives up names and certificates; the event loops must have ended, or be about to. */
  @Override
  public void close() {
    resolver.close();
    tls.close();
  }
}
