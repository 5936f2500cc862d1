package dev.ccr.proxy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BucketTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Clocks of nanoseconds may begin anywhere, and run over. */
  private static final long START = Long.MAX_VALUE - 30 * SECOND;

  private long now = START;
  private final Bucket bucket = new Bucket(now);

  private long take(long perMinute, long amount) {
    return bucket.take(perMinute, amount, now, new Reservation());
  }

  @Test
  void aFullBucketIsTakenAtOnceAndFillsUpEvenly() {
    for (int i = 0; i < 60; i++) {
      assertEquals(0, take(60, 1));
    }
    assertEquals(SECOND, take(60, 1), "the next in a second");
    now += SECOND - 1;
    assertEquals(1, take(60, 1));
    now += 1;
    assertEquals(0, take(60, 1));
    assertEquals(SECOND, take(60, 1));
    now += 1000 * SECOND;
    for (int i = 0; i < 60; i++) {
      assertEquals(0, take(60, 1), "a bucket holds no more than a minute's worth");
    }
    assertEquals(SECOND, take(60, 1));
  }

  @Test
  void whatIsMoreThanTheBucketIsTakenFromAFullOneAndPaidForAfterwards() {
    assertEquals(0, take(60, 90));
    assertEquals(31 * SECOND, take(60, 1));
    now += 31 * SECOND;
    assertEquals(0, take(60, 1));
    assertEquals(60 * SECOND, take(60, 90), "not before it is full");
  }

  @Test
  void anotherRateHoldsAtOnceAndForgetsNothing() {
    for (int i = 0; i < 60; i++) {
      take(60, 1);
    }
    assertEquals(SECOND / 2, take(120, 1));
    assertEquals(2 * SECOND, take(30, 1));
  }

  @Test
  void whatWasNotUsedComesBack() {
    Reservation taken = new Reservation();
    assertEquals(0, bucket.take(60, 60, now, taken));
    bucket.settle(60, taken, 10, now);
    assertEquals(0, take(60, 50));
    assertEquals(SECOND, take(60, 1));
  }

  @Test
  void whatWasUsedBeyondTheEstimateIsOwed() {
    Reservation taken = new Reservation();
    assertEquals(0, bucket.take(60, 10, now, taken));
    bucket.settle(60, taken, 120, now);
    assertEquals(61 * SECOND, take(60, 1));
  }

  @Test
  void whatTheBucketHasMadeUpForDoesNotComeBackToo() {
    Reservation early = new Reservation();
    assertEquals(0, bucket.take(60, 30, now, early));
    now += 60 * SECOND;
    assertEquals(0, take(60, 60));
    bucket.settle(60, early, 0, now);
    assertEquals(SECOND, take(60, 1), "it was made up for after 30 s");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 60, 100_000, Integer.MAX_VALUE})
  void overAnyTimeNoMoreIsUsedThanIsAllowed(long perMinute) {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    double used = 0;
    for (int i = 0; i < 5_000; i++) {
      now += random.nextLong(10 * SECOND);
      Reservation taken = new Reservation();
      long estimate = 1 + random.nextLong(perMinute);
      if (bucket.take(perMinute, estimate, now, taken) == 0) {
        long real = random.nextLong(estimate + 1);
        now += random.nextLong(5 * SECOND);
        bucket.settle(perMinute, taken, real, now);
        used += real;
      }
      double allowed = perMinute * (1 + (now - START) / (60.0 * SECOND));
      assertTrue(used <= allowed * 1.000_001 + 1, used + " of " + allowed);
    }
    double allowed = perMinute * (1 + (now - START) / (60.0 * SECOND));
    assertTrue(used >= allowed / 2, "nor much less than is asked for: " + used + " of " + allowed);
  }

  @Test
  void manyThreadsTakeNoMoreThanThereIs() throws Exception {
    AtomicLong taken = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        running.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 10_000; n++) {
                    if (take(1_000, 1) == 0) {
                      taken.incrementAndGet();
                    }
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get(30, TimeUnit.SECONDS); // says what it threw
      }
    }
    assertEquals(1_000, taken.get());
  }
}
