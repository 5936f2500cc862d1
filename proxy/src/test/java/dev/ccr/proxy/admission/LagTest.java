package dev.ccr.proxy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LagTest {

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "9 9 9 9, 0",
    "9 8 9 7 9, 7",
    "0 0 900 0 0, 0",
    "9 9 9 9 0, 0",
    "0 9 9 9 9, 0",
    "0 9 9 9 9 6, 6",
    "9 9 9 9 9 9 1, 1",
  })
  void onlyWhatIsLateEveryTimeIsBehind(String delays, long standing) {
    Lag lag = new Lag();
    Arrays.stream(delays.split(" ", -1))
        .filter(delay -> !delay.isEmpty())
        .forEach(delay -> lag.add(Long.parseLong(delay)));
    assertEquals(standing, lag.standing());
  }
}
