package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;

/** An upstream's connection without a socket, with all handlers that a real one has. */
public final class EmbeddedUpstream {

  private EmbeddedUpstream() {}

  /** A connection that idles in the pool: the next request to the origin gets it. */
  public static EmbeddedChannel idle(UpstreamPool pool, Origin origin, Limits limits) {
    Promise<Channel> ready = ImmediateEventExecutor.INSTANCE.newPromise();
    EmbeddedChannel channel =
        new EmbeddedChannel(new UpstreamInitializer(origin, null, limits, ready));
    pool.release(origin, ready.getNow());
    return channel;
  }
}
