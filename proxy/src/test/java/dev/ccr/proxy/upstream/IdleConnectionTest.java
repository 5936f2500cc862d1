package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pool's clock, with time standing still. */
final class IdleConnectionTest {

  private static final Limits LIMITS = Defaults.LIMITS;
  private static final long KEEP_ALIVE = LIMITS.upstreamKeepAlive().toMillis();

  private final Origin origin = new Origin(false, "127.0.0.1", 9);
  private final EmbeddedChannel upstream = new EmbeddedChannel();
  private final UpstreamPool pool =
      new UpstreamPool(
          upstream.eventLoop(),
          Transport.NIO,
          new OwnResolvers(),
          new UpstreamTls());

  @BeforeEach
  void begin() {
    upstream.freezeTime();
    upstream.pipeline().addLast(new UpstreamTimeoutHandler(origin, LIMITS));
  }

  @AfterEach
  void end() {
    upstream.finishAndReleaseAll();
  }

  private void pass(long millis) {
    upstream.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    upstream.runScheduledPendingTasks();
  }

  @Test
  void aConnectionTakenInTheLastMomentIsNotClosed() {
    for (int i = 0; i < 5; i++) {
      pool.release(origin, upstream);
      pass(KEEP_ALIVE - 1);
      assertSame(upstream, pool.acquire(origin, LIMITS).getNow());
      pass(KEEP_ALIVE * 3);
      assertTrue(upstream.isOpen(), "a busy connection does not idle");
    }
  }

  @Test
  void aConnectionTakenWhenItsTimeIsOverButNobodyHasLookedYetIsNotClosed() {
    pool.release(origin, upstream);
    upstream.advanceTimeBy(KEEP_ALIVE + 1, TimeUnit.MILLISECONDS);
    assertSame(upstream, pool.acquire(origin, LIMITS).getNow());
    upstream.runScheduledPendingTasks();
    pass(KEEP_ALIVE);
    assertTrue(upstream.isOpen());
  }

  @Test
  void aConnectionWhoseTimeIsOverIsClosed() {
    pool.release(origin, upstream);
    pass(KEEP_ALIVE - 1);
    assertTrue(upstream.isOpen());
    pass(1);
    assertFalse(upstream.isOpen());
  }

  @Test
  void aConnectionThatIsBeingClosedIsNotTaken() {
    upstream
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() { // as TLS, which says good-bye first
              @Override
              public void close(ChannelHandlerContext ctx, ChannelPromise promise) {}
            });
    pool.release(origin, upstream);
    pass(KEEP_ALIVE);
    assertTrue(upstream.isActive());
    Future<Channel> other = pool.acquire(origin, LIMITS);
    assertNotEquals(upstream, other.getNow());
    assertEquals(0, pool.idleConnections(origin));
    upstream.pipeline().removeFirst();
  }

  /** An embedded loop has no end that a group could wait for. */
  private static final class OwnResolvers extends AddressResolverGroup<InetSocketAddress> {

    @Override
    public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
      return newResolver(executor);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
      return new DefaultNameResolver(executor).asAddressResolver();
    }
  }
}
