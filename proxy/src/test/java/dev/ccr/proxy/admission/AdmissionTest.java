package dev.ccr.proxy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.ClientLimits;
import dev.ccr.proxy.model.Limit;
import dev.ccr.proxy.model.RequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdmissionTest {

  private static final Limits LIMITS =
      Defaults.LIMITS.toBuilder().bytesInFlight(1_000).requestsInFlight(5).build();

  private static final int THREADS = 8;
  private static final int ROUNDS = 5_000;

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final Admission admission = new Admission(now::get, 77);
  private final List<Permit> permits = new ArrayList<>();

  private static Client client(int requests, int tokens, int concurrent) {
    return new Client(
        "alice", List.of(), null, new ClientLimits(requests, tokens, concurrent));
  }

  private Permit admit(@Nullable Client client, long announced) throws RequestException {
    Permit permit = admission.admit(client, LIMITS, true, announced, 0);
    permits.add(permit);
    return permit;
  }

  private RequestException refused(Limit limit, @Nullable Client client, long announced) {
    RequestException e = assertThrows(RequestException.class, () -> admit(client, announced));
    assertEquals(limit, e.limit());
    assertEquals(limit.type(), e.type());
    assertTrue(e.retryAfterSeconds() >= 1);
    return e;
  }

  @AfterEach
  void nothingIsHeldOnceAllIsOver() {
    permits.forEach(Permit::close);
    permits.forEach(Permit::close); // a second time changes nothing
    assertEquals(0, admission.requestsInFlight());
    assertEquals(0, admission.bytesInFlight());
  }

  @Test
  void requestsUnderWayAreBounded() throws RequestException {
    for (int i = 0; i < 5; i++) {
      admit(null, 0);
    }
    RequestException e = refused(Limit.REQUESTS, null, 0);
    assertEquals(529, e.status());
    assertEquals("requests under way: 5 (expected: less than 5)", e.getMessage());
    permits.getFirst().close();
    admit(null, 0);
  }

  @Test
  void announcedBytesAreReservedUntilTheBodyHasLeftAndNobodyKeepsIt() throws RequestException {
    Permit permit = admit(null, 600);
    RequestException e = refused(Limit.BYTES, null, 401);
    assertEquals(
        "bytes in flight: 600, and 401 of this request (expected: at most 1000)",
        e.getMessage());
    assertEquals(1, admission.requestsInFlight(), "who is refused holds nothing");
    permit.bodyReleased();
    assertEquals(600, admission.bytesInFlight(), "slices of it are still to be sent");
    permit.bodySent();
    assertEquals(0, admission.bytesInFlight());
    permit.bodySent();
    permit.close();
    assertEquals(0, admission.bytesInFlight());
  }

  @Test
  void aBodyWithoutALengthReservesAsItComes() throws RequestException {
    admit(null, 500);
    Permit permit = admit(null, 0);
    permit.received(200);
    permit.received(300);
    assertEquals(1_000, admission.bytesInFlight());
    assertThrows(RequestException.class, () -> permit.received(1));
    permit.close();
    assertEquals(500, admission.bytesInFlight());
  }

  @Test
  void whatWasAnnouncedIsNotCountedAgainAsItComes() throws RequestException {
    Permit permit = admit(null, 500);
    permit.received(400);
    permit.received(100);
    assertEquals(500, admission.bytesInFlight());
    permit.received(1);
    assertEquals(501, admission.bytesInFlight());
  }

  /** It would never have its turn otherwise. */
  @Test
  void aBodyLargerThanTheBoundIsTakenAlone() throws RequestException {
    admit(null, 5_000);
    refused(Limit.BYTES, null, 1);
    permits.getFirst().close();
    admit(null, 1);
    refused(Limit.BYTES, null, 5_000);
  }

  @Test
  void answersThatWaitAndThatAreCollectedCountToo() throws RequestException {
    Permit permit = admit(null, 0);
    permit.collected(300);
    permit.collected(500);
    admission.queued(400);
    refused(Limit.BYTES, null, 101);
    permit.collected(0);
    admission.queued(-400);
    admit(null, 101);
    permit.collected(7);
    permit.close();
    permit.collected(9);
    assertEquals(101, admission.bytesInFlight());
  }

  @Test
  void withoutABoundInTheConfigurationTheMemoryDecides() throws RequestException {
    Limits limits = LIMITS.toBuilder().bytesInFlight(0).build();
    permits.add(admission.admit(null, limits, true, 77, 0));
    assertThrows(RequestException.class, () -> admission.admit(null, limits, true, 1, 0));
  }

  @Test
  void aClientHasSoManyRequestsAtOnceAndOthersHaveTheirOwn() throws RequestException {
    Client alice = client(0, 0, 2);
    admit(alice, 0);
    admit(alice, 0);
    RequestException e = refused(Limit.CLIENT_CONCURRENT, alice, 0);
    assertEquals(ApiErrorType.RATE_LIMIT, e.type());
    assertEquals("requests of alice under way: 2 (expected: less than 2)", e.getMessage());
    admit(new Client("bob", List.of(), null, new ClientLimits(0, 0, 2)), 0);
    permits.getFirst().close();
    admit(alice, 0);
  }

  @Test
  void aClientHasSoManyMessagesAMinuteAndIsToldWhenTheNextMayCome() throws RequestException {
    Client alice = client(2, 0, 0);
    admit(alice, 0).close();
    admit(alice, 0).close();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
    RequestException e = refused(Limit.CLIENT_REQUESTS, alice, 0);
    assertEquals(30, e.retryAfterSeconds());
    assertEquals(
        "requests of alice: more than 2 a minute (expected: the next in 30 s)", e.getMessage());
    permits.add(admission.admit(alice, LIMITS, false, 0, 0)); // counts no message
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(29_500));
    admit(alice, 0);
  }

  @Test
  void whoIsRefusedForAnotherReasonHasHisRequestStill() throws RequestException {
    Client alice = client(1, 0, 1);
    admit(null, 900);
    refused(Limit.BYTES, alice, 101);
    admit(alice, 0);
    refused(Limit.CLIENT_CONCURRENT, alice, 0);
  }

  @Test
  void tokensAreReservedAndSettled() throws RequestException {
    Client alice = client(0, 1_000, 0);
    Permit first = admit(alice, 0);
    first.tokens(900);
    RequestException e =
        assertThrows(RequestException.class, () -> admit(alice, 0).tokens(200));
    assertEquals(429, e.status());
    assertEquals(6, e.retryAfterSeconds());
    assertEquals(
        "tokens of alice: more than 1000 a minute with about 200 of this request (expected: one"
            + " like it in 6 s)",
        e.getMessage());
    first.close(100);
    admit(alice, 0).tokens(900);
    assertThrows(RequestException.class, () -> admit(alice, 0).tokens(1));
  }

  @Test
  void whatNobodyKnowsIsWhatWasEstimated() throws RequestException {
    Client alice = client(0, 1_000, 0);
    Permit first = admit(alice, 0);
    first.tokens(1_000);
    first.close(Permit.UNKNOWN);
    assertThrows(RequestException.class, () -> admit(alice, 0).tokens(1));
  }

  @Test
  void aLoopThatIsBehindTakesOnNothing() {
    long bound = Defaults.MAX_LAG.toNanos();
    RequestException e =
        assertThrows(
            RequestException.class, () -> admission.admit(null, LIMITS, true, 0, bound));
    assertEquals(Limit.LOAD, e.limit());
    assertEquals(
        "the router is overloaded: 250 ms behind (expected: a request when it has caught up)",
        e.getMessage());
  }

  @Test
  void whatWasCountedOutlivesAReloadAsLongAsTheClientIsThere() throws RequestException {
    admit(client(1, 0, 0), 0);
    admission.keep(List.of("alice", "bob"));
    refused(Limit.CLIENT_REQUESTS, client(1, 0, 0), 0);
    admission.keep(List.of("bob"));
    admit(client(1, 0, 0), 0);
  }

  @Test
  void connectionsAreCountedUpToABound() {
    assertEquals(1, admission.connected(2));
    assertEquals(2, admission.connected(2));
    assertEquals(0, admission.connected(2));
    admission.disconnected();
    assertEquals(2, admission.connected(2));
  }

  /** Eight threads, a client of three at once, and requests that end in every phase. */
  @Test
  void underManyThreadsNoMoreAreUnderWayThanMayBeAndNothingStays() throws Exception {
    Limits limits = LIMITS.toBuilder().requestsInFlight(4).build();
    Client alice = client(0, 1_000_000_000, 3);
    AtomicInteger all = new AtomicInteger();
    AtomicInteger alices = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger mostOfAlice = new AtomicInteger();
    AtomicInteger admitted = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        boolean hers = i % 2 == 0;
        running.add(
            threads.submit(
                () -> {
                  ThreadLocalRandom random = ThreadLocalRandom.current();
                  for (int n = 0; n < ROUNDS; n++) {
                    Permit permit;
                    try {
                      permit =
                          admission.admit(
                              hers ? alice : null, limits, true, random.nextInt(90), 0);
                    } catch (RequestException refused) {
                      Thread.onSpinWait();
                      continue;
                    }
                    admitted.incrementAndGet();
                    most.accumulateAndGet(all.incrementAndGet(), Math::max);
                    if (hers) {
                      mostOfAlice.accumulateAndGet(alices.incrementAndGet(), Math::max);
                    }
                    try {
                      use(permit, random);
                    } finally {
                      all.decrementAndGet();
                      if (hers) {
                        alices.decrementAndGet();
                      }
                      permit.close(random.nextInt(100));
                    }
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get(30, TimeUnit.SECONDS); // says what it threw
      }
    }
    assertTrue(admitted.get() >= ROUNDS, () -> "admitted: " + admitted);
    assertTrue(most.get() <= 4, "under way: " + most);
    assertTrue(mostOfAlice.get() <= 3, "under way of one client: " + mostOfAlice);
    for (int i = 0; i < 3; i++) {
      permits.add(admission.admit(alice, limits, true, 0, 0)); // she has all her places again
    }
  }

  /** A request that ends in one phase or another. */
  private static void use(Permit permit, ThreadLocalRandom random) {
    try {
      permit.received(random.nextInt(200));
      permit.tokens(random.nextInt(100));
      if (random.nextBoolean()) {
        permit.bodyReleased();
        permit.bodySent();
        permit.collected(random.nextInt(50));
      }
    } catch (RequestException refused) {
      // no room for its bytes
    }
  }
}
