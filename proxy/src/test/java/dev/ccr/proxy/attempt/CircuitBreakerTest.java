package dev.ccr.proxy.attempt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.attempt.CircuitBreaker.State;
import dev.ccr.proxy.config.CircuitSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CircuitBreakerTest {

  private static final long OPEN = Duration.ofSeconds(30).toNanos();
  private static final CircuitSettings SETTINGS =
      new CircuitSettings(3, Duration.ofNanos(OPEN), false);

  private final CircuitBreaker breaker = new CircuitBreaker();

  /** A letter a result, g for a good one, b for a bad one. */
  private void results(String results, CircuitSettings settings) {
    for (int i = 0; i < results.length(); i++) {
      if (results.charAt(i) == 'g') {
        breaker.succeeded();
      } else {
        breaker.failed(0, settings);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bb, CLOSED",
    "bbb, OPEN",
    "bbgbb, CLOSED",
    "bbgbbb, OPEN",
    "bgbgbgbgbgbgbgbgbgb, CLOSED", // 19 results
    "bgbgbgbgbgbgbgbgbgbg, CLOSED", // it opens on a failure only
    "bgbgbgbgbgbgbgbgbgbgb, OPEN",
    "bggbggbggbggbggbggbggbggbggbggbggbgg, CLOSED",
    "ggggggggggggggggggggggggggggggggggggbgbgbgbgbgbgbgbgbgbgbgbgbgbgbgb, OPEN",
  })
  void itOpensAfterFailuresInARowOrWhenHalfOfManyFail(String results, State expected) {
    results(results, SETTINGS);
    assertEquals(expected, breaker.state(1));
    assertEquals(expected == State.CLOSED, breaker.admits(1, SETTINGS));
  }

  @Test
  void asManyFailuresAsAreRememberedOpenItToo() {
    CircuitSettings patient = new CircuitSettings(32, Duration.ofNanos(OPEN), false);
    results("b".repeat(19), patient);
    assertEquals(State.CLOSED, breaker.state(1));
  }

  @Test
  void afterAWhileOneRequestTriesAndItsFailureOpensItAgain() {
    results("bbb", SETTINGS);
    assertFalse(breaker.admits(OPEN - 1, SETTINGS));
    assertEquals(State.HALF_OPEN, breaker.state(OPEN), "it may be tried");
    assertTrue(breaker.admits(OPEN, SETTINGS), "the one");
    assertFalse(breaker.admits(OPEN, SETTINGS), "no other");
    assertEquals(State.HALF_OPEN, breaker.state(OPEN + 1));
    breaker.failed(OPEN + 5, SETTINGS);
    assertEquals(State.OPEN, breaker.state(OPEN + 5));
    assertEquals(OPEN, breaker.retryInNanos(OPEN + 5));
  }

  @Test
  void aSuccessClosesItAndWhatWasBeforeIsForgotten() {
    results("bbb", SETTINGS);
    assertTrue(breaker.admits(OPEN, SETTINGS));
    breaker.succeeded();
    assertEquals(State.CLOSED, breaker.state(OPEN));
    assertTrue(breaker.admits(OPEN, SETTINGS));
    assertTrue(breaker.admits(OPEN, SETTINGS), "a second one too");
    results("bb", SETTINGS);
    assertEquals(State.CLOSED, breaker.state(OPEN));
  }

  /** Its client has left, say. */
  @Test
  void ifTheOneThatTriesIsNeverHeardOfAnotherMayTry() {
    results("bbb", SETTINGS);
    assertTrue(breaker.admits(OPEN, SETTINGS));
    assertFalse(breaker.admits(2 * OPEN - 1, SETTINGS));
    assertTrue(breaker.admits(2 * OPEN, SETTINGS));
  }

  @Test
  void requestsThatWereUnderWayWhenItOpenedDoNotKeepItOpen() {
    results("bbb", SETTINGS);
    breaker.failed(OPEN - 1, SETTINGS);
    assertTrue(breaker.admits(OPEN, SETTINGS));
  }
}
