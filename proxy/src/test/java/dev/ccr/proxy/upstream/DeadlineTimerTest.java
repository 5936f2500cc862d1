package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadlineTimerTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AtomicInteger expiries = new AtomicInteger();
  private final DeadlineTimer timer =
      new DeadlineTimer(channel.eventLoop(), seconds(10), expiries::incrementAndGet);

  @BeforeEach
  void freeze() {
    channel.freezeTime();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private int expiriesAfter(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    return expiries.get();
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 11, 15, 20, 25, 600})
  void aDeadlineExpiresOnceAndOnTime(long after) {
    timer.set(seconds(after));
    for (int second = 1; second < after; second++) {
      assertEquals(0, expiriesAfter(1000));
    }
    assertEquals(0, expiriesAfter(999));
    assertEquals(1, expiriesAfter(1));
    assertEquals(1, expiriesAfter(3_600_000));
  }

  @Test
  void aDeadlineCanBeMovedOut() {
    timer.set(seconds(10));
    expiriesAfter(9_999);
    timer.set(seconds(10));
    assertEquals(0, expiriesAfter(9_999));
    assertEquals(1, expiriesAfter(1));
  }

  @Test
  void aDeadlineCanBeMovedIn() {
    timer.set(seconds(600));
    expiriesAfter(5_000);
    timer.set(seconds(10));
    assertEquals(0, expiriesAfter(9_999));
    assertEquals(1, expiriesAfter(1));
  }

  @Test
  void movingCostsNoTask() {
    for (int i = 0; i < 1000; i++) {
      timer.set(seconds(10));
    }
    channel.advanceTimeBy(10, TimeUnit.SECONDS);
    assertEquals(-1, channel.runScheduledPendingTasks(), "the one task has run, none is left");
    assertEquals(1, expiries.get());
  }

  @Test
  void expiryMaySetTheNextDeadline() {
    AtomicInteger rounds = new AtomicInteger();
    DeadlineTimer[] again = new DeadlineTimer[1];
    again[0] =
        new DeadlineTimer(
            channel.eventLoop(),
            seconds(10),
            () -> {
              rounds.incrementAndGet();
              again[0].set(seconds(10));
            });
    again[0].set(seconds(10));
    for (int i = 1; i <= 3; i++) {
      expiriesAfter(10_000);
      assertEquals(i, rounds.get());
    }
  }

  @Test
  void aCancelledTimerNeverExpires() {
    timer.set(seconds(10));
    timer.cancel();
    assertEquals(0, expiriesAfter(3_600_000));
  }
}
