package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.admission.Admission;
import dev.ccr.proxy.model.Limit;
import dev.ccr.proxy.model.RequestException;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LagProbeTest {

  private static final long INTERVAL = 50;
  private static final long BOUND = 250;
  private static final int DELAYS = 5;

  private final AdmissionControl control = new AdmissionControl(new Admission(() -> 0, 1_000));
  private final RequestLog log = Samples.log();
  private final EmbeddedChannel client = new EmbeddedChannel();

  LagProbeTest() {
    client.freezeTime();
    client
        .pipeline()
        .addLast(
            new AdmissionHandler(
                control.admission(), control.probe(client), () -> Samples.SNAPSHOT, log));
  }

  @AfterEach
  void nothingIsLeft() {
    client.finish();
    assertEquals(0, control.admission().requestsInFlight());
  }

  /** A request comes, and ends at once. */
  private void ask() {
    log.begin(Samples.post("/v1/messages"), 0);
    try {
      client.writeInbound(Samples.post("/v1/messages"));
    } finally {
      log.end(0);
    }
  }

  private void probeIsLateBy(long millis) {
    client.advanceTimeBy(INTERVAL + millis, TimeUnit.MILLISECONDS);
    client.runScheduledPendingTasks();
  }

  private void assertRefused() {
    assertEquals(Limit.LOAD, assertThrows(RequestException.class, this::ask).limit());
  }

  @Test
  void aLoopThatIsLateAgainAndAgainTakesOnNothingUntilItHasCaughtUp() {
    for (int i = 0; i < DELAYS; i++) {
      ask();
      probeIsLateBy(BOUND);
    }
    assertEquals(TimeUnit.MILLISECONDS.toNanos(BOUND), control.lagNanos());
    assertRefused();
    probeIsLateBy(BOUND);
    assertRefused();
    probeIsLateBy(0);
    ask();
  }

  @Test
  void aLoopThatIsHeldUpOnceOrALittleGoesOn() {
    ask();
    probeIsLateBy(60_000);
    for (int i = 0; i < 2 * DELAYS; i++) {
      ask();
      probeIsLateBy(BOUND - 1);
    }
    ask();
  }

  @Test
  void aLoopWithoutRequestsIsNotWokenUp() {
    assertEquals(-1, client.runScheduledPendingTasks(), "nothing is scheduled");
    ask();
    probeIsLateBy(0);
    probeIsLateBy(0);
    assertEquals(-1, client.runScheduledPendingTasks(), "nor is it afterwards");
  }

  @Test
  void aLoopThatWasLateIsWatchedUntilItHasCaughtUpThoughNobodyAsks() {
    for (int i = 0; i < DELAYS; i++) {
      ask();
      probeIsLateBy(BOUND);
    }
    probeIsLateBy(0);
    assertEquals(0, control.lagNanos());
    probeIsLateBy(0);
    assertEquals(-1, client.runScheduledPendingTasks());
  }
}
