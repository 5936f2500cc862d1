package dev.ccr.proxy.attempt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.config.RetrySettings;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackoffTest {

  @ParameterizedTest(name = "retry {0} of {1} ms up to {2} ms, random {3}: {4} ms")
  @CsvSource({
    "1, 500, 10000, 0, 250",
    "1, 500, 10000, 0.5, 375",
    "2, 500, 10000, 0, 500",
    "3, 500, 10000, 0, 1000",
    "5, 500, 10000, 0, 4000",
    "6, 500, 10000, 0, 5000",
    "6, 500, 10000, 0.5, 7500",
    "1, 20000, 10000, 0, 5000",
    "70, 1, 3600000, 0, 1800000",
  })
  void waitsDoubleUpToTheCapAndAreHalfRandom(
      int retry, long base, long cap, double random, long expected) {
    RetrySettings settings =
        new RetrySettings(10, Duration.ofMillis(base), Duration.ofMillis(cap), Set.of());
    assertEquals(
        expected, TimeUnit.NANOSECONDS.toMillis(Backoff.nanos(settings, retry, random)));
  }
}
