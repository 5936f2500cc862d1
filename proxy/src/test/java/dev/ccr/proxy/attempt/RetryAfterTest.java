package dev.ccr.proxy.attempt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-25T08:20:00Z");

  @ParameterizedTest(name = "retry-after \"{0}\", retry-after-ms \"{1}\": {2} ms")
  @CsvSource(
      delimiter = '|',
      value = {
        "20                            |      | 20000",
        " 0                            |      | 0",
        "1.5                           |      | 1500",
        "7                             | 1500 | 1500",
        "7                             | soon | 7000",
        "                              | 62.5 | 63",
        "Wed, 25 Nov 2026 08:20:30 GMT |      | 30000",
        "Wed, 25 Nov 2026 08:19:30 GMT |      | 0",
        "999999999999                  |      | 86400000",
        "-5                            |      | -1",
        "soon                          |      | -1",
        "1e9                           |      | -1",
        "                              |      | -1",
      })
  void secondsDatesAndMillisecondsAreRead(
      @Nullable String retryAfter, @Nullable String retryAfterMs, long millis) {
    long nanos = RetryAfter.nanos(retryAfter, retryAfterMs, NOW);
    assertEquals(
        millis, nanos == RetryAfter.UNKNOWN ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos));
  }
}
