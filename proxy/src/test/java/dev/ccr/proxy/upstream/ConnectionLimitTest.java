package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and who waits for one; over real sockets. */
final class ConnectionLimitTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Limits TWO =
      Defaults.LIMITS.toBuilder().connect(PATIENCE).upstreamConnectionsPerOrigin(2).build();

  private final ConnectionBudget budget = new ConnectionBudget();
  private MockUpstream server;
  private Origin origin;
  private Loopback pool;

  @BeforeEach
  void start() {
    server = MockUpstream.start(request -> Reply.json(200, "{}"));
    origin = Origin.of(URI.create(server.url("/")));
    pool = pool(TWO);
  }

  @AfterEach
  void close() {
    pool.close();
    server.close();
  }

  private Loopback pool(Limits limits) {
    return new Loopback(Transport.best(), new UpstreamTls(), limits, budget);
  }

  @Test
  void aConnectionThatIsReleasedGoesToTheOneWhoHasWaitedLongest() throws Exception {
    List<Future<Channel>> channels = pool.acquireAtOnce(origin, 4);
    Channel first = Loopback.got(channels.get(0));
    Channel second = Loopback.got(channels.get(1));
    assertNotSame(first, second);
    assertEquals("{}", pool.ask(origin, second));
    assertEquals(2, pool.waiting(origin));
    assertEquals("{}", pool.ask(origin, first));
    pool.release(origin, first);
    assertSame(first, Loopback.got(channels.get(2)));
    assertEquals("{}", pool.ask(origin, first));
    assertFalse(channels.get(3).isDone());
    pool.release(origin, first);
    assertSame(first, Loopback.got(channels.get(3)));
    assertEquals(2, server.acceptedConnections());
  }

  @Test
  void aConnectionThatClosesMakesPlaceForAnother() throws Exception {
    List<Future<Channel>> channels = pool.acquireAtOnce(origin, 3);
    Channel first = Loopback.got(channels.get(0));
    assertFalse(channels.get(2).isDone());
    first.close();
    assertEquals("{}", pool.ask(origin, Loopback.got(channels.get(2))));
    assertEquals(3, server.acceptedConnections());
    assertEquals(2, pool.openConnections(origin));
  }

  @Test
  void whoWaitsTooLongIsToldHowManyAreInUse() throws Exception {
    try (Loopback hasty = pool(TWO.toBuilder().connect(Duration.ofMillis(250)).build())) {
      List<Future<Channel>> channels = hasty.acquireAtOnce(origin, 3);
      UpstreamException failure =
          assertThrows(UpstreamException.class, () -> Loopback.got(channels.get(2)));
      assertEquals(529, failure.status());
      assertEquals(ApiErrorType.OVERLOADED, failure.type());
      assertEquals(
          "upstream " + origin + ": no free connection within 250 ms, 2 in use",
          failure.getMessage());
      assertEquals(0, hasty.waiting(origin));
    }
  }

  @Test
  void whoLeavesTheQueueTakesNothing() throws Exception {
    List<Future<Channel>> channels = pool.acquireAtOnce(origin, 4);
    Channel first = Loopback.got(channels.get(0));
    Loopback.got(channels.get(1));
    assertTrue(channels.get(2).cancel(false));
    assertTrue(channels.get(2).await(PATIENCE.toMillis()));
    pool.release(origin, first);
    assertSame(first, Loopback.got(channels.get(3)));
    assertEquals(0, pool.waiting(origin));
  }

  @Test
  void whoLeavesWhileHisConnectionIsMadeTakesItAlong() throws Exception {
    Future<Channel> left = pool.requestAndCancel(origin);
    assertTrue(left.isCancelled());
    assertTrue(pool.acquire(origin).isActive());
    server.awaitConnections(1, PATIENCE);
    assertEquals(1, budget.taken(origin));
  }

  @Test
  void aLoopThatWaitsGetsWhatIdlesInAnother() throws Exception {
    try (Loopback other = pool(TWO)) {
      Channel[] idle = {pool.acquire(origin), pool.acquire(origin)};
      pool.release(origin, idle[0]);
      pool.release(origin, idle[1]);
      assertTrue(other.acquire(origin).isActive());
      assertTrue(idle[0].closeFuture().await(PATIENCE.toMillis()), "the one that idled longest");
      assertEquals(2, budget.taken(origin));
      assertSame(idle[1], pool.acquire(origin));
    }
  }

  @Test
  void aLoopThatWaitsGetsWhatAnotherReleases() throws Exception {
    try (Loopback other = pool(TWO)) {
      Channel first = pool.acquire(origin);
      pool.acquire(origin);
      Future<Channel> waiting = other.request(origin);
      assertFalse(waiting.isDone());
      pool.release(origin, first);
      assertEquals("{}", other.ask(origin, Loopback.got(waiting)));
      assertEquals(2, budget.taken(origin));
    }
  }

  @Test
  void aLoopsOwnRequestsDoNotOvertakeThoseOfAnother() throws Exception {
    try (Loopback other = pool(TWO)) {
      Channel first = pool.acquire(origin);
      Channel second = pool.acquire(origin);
      Future<Channel> earlier = other.request(origin);
      Future<Channel> later = pool.request(origin);
      pool.release(origin, first);
      Channel elsewhere = Loopback.got(earlier);
      assertEquals("{}", other.ask(origin, elsewhere));
      assertFalse(later.isDone());
      pool.release(origin, second);
      assertSame(second, Loopback.got(later));
    }
  }

  @Test
  void aPlaceGoesToTheLoopThatHasWaitedLongest() throws Exception {
    try (Loopback second = pool(TWO);
        Loopback third = pool(TWO)) {
      Channel first = pool.acquire(origin);
      Channel other = pool.acquire(origin);
      Future<Channel> earlier = second.request(origin);
      Future<Channel> later = third.request(origin);
      first.close();
      assertTrue(Loopback.got(earlier).isActive());
      assertFalse(later.isDone());
      other.close();
      assertTrue(Loopback.got(later).isActive());
    }
  }

  @Test
  void aPlaceThatNobodyWantsAnyMoreIsPassedOn() throws Exception {
    try (Loopback second = pool(TWO);
        Loopback third = pool(TWO)) {
      Channel first = pool.acquire(origin);
      pool.acquire(origin);
      Future<Channel> left = second.request(origin);
      Future<Channel> later = third.request(origin);
      left.cancel(false);
      first.close();
      assertTrue(Loopback.got(later).isActive());
      assertEquals(2, budget.taken(origin));
    }
  }

  @Test
  void aSecondTryTakesThePlaceOfAnIdleConnection() throws Exception {
    Channel[] idle = {pool.acquire(origin), pool.acquire(origin)};
    pool.release(origin, idle[0]);
    pool.release(origin, idle[1]);
    Channel fresh = pool.acquireNew(origin);
    assertFalse(UpstreamPool.wasUsed(fresh));
    assertEquals("{}", pool.ask(origin, fresh));
    assertEquals(3, server.acceptedConnections());
    assertEquals(2, pool.openConnections(origin));
  }

  @Test
  void aSecondTryGetsThePlaceOfAConnectionThatIsReleasedLater() throws Exception {
    Channel first = pool.acquire(origin);
    pool.acquire(origin);
    Future<Channel> fresh = pool.requestNew(origin);
    assertFalse(fresh.isDone());
    pool.release(origin, first);
    assertFalse(UpstreamPool.wasUsed(Loopback.got(fresh)));
    assertEquals(2, budget.taken(origin));
  }

  @Test
  void aConnectionThatCannotBeMadeTakesNoPlace() throws Exception {
    server.close();
    for (int i = 0; i < 5; i++) {
      assertThrows(UpstreamException.class, () -> pool.acquire(origin));
    }
    assertEquals(0, budget.taken(origin));
  }
}
