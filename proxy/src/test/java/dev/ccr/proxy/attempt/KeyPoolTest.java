package dev.ccr.proxy.attempt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ccr.proxy.config.ApiKey;
import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyPoolTest {

  /** A key a letter. */
  private static KeyPool pool(String keys, @Nullable KeyPool previous) {
    List<ApiKey> given =
        keys.chars().mapToObj(k -> ApiKey.of(Secret.of(Character.toString(k)))).toList();
    return new KeyPool(given, Defaults.CIRCUIT, previous);
  }

  private static String turns(KeyPool pool, int count, long nanoTime) {
    return IntStream.range(0, count)
        .mapToObj(i -> pool.get(pool.next(nanoTime)).secret().reveal())
        .collect(Collectors.joining());
  }

  private static long seconds(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  @ParameterizedTest
  @CsvSource({"1 1 1, 012", "5 1 1, 0010200", "2 1, 010", "1, 0", "3 2 1, 010210"})
  void heavierKeysHaveMoreTurnsBetweenTheOthers(String weights, String order) {
    int[] numbers = Arrays.stream(weights.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    assertEquals(
        order,
        Arrays.stream(KeyPool.turns(numbers)).mapToObj(String::valueOf)
            .collect(Collectors.joining()));
  }

  @ParameterizedTest(name = "{0}, retry-after {1} s: {2} s")
  @CsvSource({"429, -1, 5", "429, 20, 20", "429, 7200, 3600", "401, -1, 300", "402, 1, 300"})
  void aRefusedKeyCoolsDown(int status, long retryAfter, long cooling) {
    KeyPool pool = pool("ab", null);
    long after = retryAfter < 0 ? RetryAfter.UNKNOWN : seconds(retryAfter);
    pool.note(0, status, after, 0);
    assertEquals("bbbb", turns(pool, 4, seconds(cooling) - 1));
    assertEquals(1, pool.ready(seconds(cooling) - 1));
    assertEquals(2, pool.ready(seconds(cooling)));
    assertEquals("aabb", sorted(turns(pool, 4, seconds(cooling))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "429, 5 10 20 40 80 160 300 300",
    "401, 300 600 1200 2400 3600 3600",
  })
  void aKeyThatIsRefusedAgainAndAgainCoolsDownLonger(int status, String expected) {
    KeyPool pool = pool("ab", null);
    long now = 0;
    for (String each : expected.split(" ", -1)) {
      pool.note(0, status, RetryAfter.UNKNOWN, now);
      pool.note(0, status, RetryAfter.UNKNOWN, now); // was under way with it
      assertEquals(seconds(Long.parseLong(each)), pool.get(0).coolingNanos(now), expected);
      now += seconds(Long.parseLong(each));
    }
    pool.get(0).succeeded(false);
    pool.note(0, 429, RetryAfter.UNKNOWN, now);
    assertEquals(seconds(5), pool.get(0).coolingNanos(now), "after a success it is as new");
  }

  @Test
  void whenAllCoolDownTheOneThatIsGoodAgainFirstIsTaken() {
    KeyPool pool = pool("abc", null);
    pool.note(0, 401, RetryAfter.UNKNOWN, 0);
    pool.note(1, 429, seconds(20), 0);
    pool.note(2, 429, seconds(30), 0);
    assertEquals("bbb", turns(pool, 3, 1));
    pool.get(1).succeeded(true); // it was good after all
    assertEquals(1, pool.ready(1));
  }

  @Test
  void aSingleKeyNeverCoolsDown() {
    KeyPool pool = pool("a", null);
    pool.note(0, 401, RetryAfter.UNKNOWN, 0);
    assertEquals("aa", turns(pool, 2, 1));
    assertEquals(1, pool.ready(1));
    assertEquals(0, pool.get(0).coolingNanos(1));
  }

  @Test
  void whatWasTriedIsNotTriedAgain() {
    KeyPool pool = pool("abc", null);
    assertEquals(2, pool.other(0, 0b011));
    assertEquals(KeyPool.NONE, pool.other(0, 0b111));
  }

  @Test
  void asManyKeysAsThereMayBeTakeTurns() {
    String keys = IntStream.range(0, 64).mapToObj(i -> Character.toString('0' + i))
        .collect(Collectors.joining());
    KeyPool pool = pool(keys, null);
    assertEquals(keys, turns(pool, 64, 0));
    assertEquals(63, pool.other(0, -1L >>> 1));
    assertEquals(KeyPool.NONE, pool.other(0, -1L));
  }

  @Test
  void aKeyThatStaysKeepsItsState() {
    KeyPool before = pool("ab", null);
    before.note(0, 429, seconds(20), 0);
    KeyPool after = pool("cab", before);
    assertFalse(turns(after, 6, 1).contains("a"));
    assertEquals(2, after.ready(1));
  }

  private static String sorted(String text) {
    return text.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining());
  }
}
