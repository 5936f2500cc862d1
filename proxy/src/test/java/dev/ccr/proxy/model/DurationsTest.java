package dev.ccr.proxy.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1 ms",
    "999, 999 ms",
    "1000, 1 s",
    "1500, 1500 ms",
    "600000, 600 s",
    "2147483647, 2147483647 ms",
  })
  void wholeSecondsAreSecondsAndOtherTimesMilliseconds(long millis, String text) {
    assertEquals(text, Durations.text(Duration.ofMillis(millis)));
  }
}
