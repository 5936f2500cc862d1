package dev.ccr.proxy.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DistributionTest {

  private static Histogram histogram(Scale scale, long... values) {
    Histogram histogram = new Histogram(scale);
    LongStream.of(values).forEach(histogram::add);
    return histogram;
  }

  @Test
  void aBoundIsInItsBucketAndWhatIsNotKnownInNone() {
    Histogram histogram = histogram(Scale.numbers(10, 20), -1, 0, 10, 11, 20, 21, 1_000);
    assertArrayEquals(new long[] {2, 2, 2}, histogram.values().counts());
    assertEquals(1_062, histogram.sum());
  }

  @Test
  void secondsAreCountedInNanoseconds() {
    Scale scale = Scale.seconds(0.001, 0.5);
    Histogram histogram = histogram(scale, 1_000_000, 500_000_000, 500_000_001);
    assertArrayEquals(new long[] {1, 1, 1}, histogram.values().counts());
    assertEquals(0.5, scale.shown(1));
    assertEquals(Double.POSITIVE_INFINITY, scale.shown(2));
    assertEquals(1.5, scale.shownValue(1_500_000_000));
  }

  /** Ten values up to 10, ten up to 20, none up to 30, and five above. */
  @ParameterizedTest
  @CsvSource({"0.2, 5", "0.4, 10", "0.5, 12.5", "0.8, 20", "0.9, 30", "1, 30"})
  void aQuantileLiesEvenlyInItsBucket(double quantile, double expected) {
    Distribution values = new Distribution(Scale.numbers(10, 20, 30), new long[] {10, 10, 0, 5});
    assertEquals(expected, values.quantile(quantile), 1e-9);
  }

  @Test
  void whatCameBetweenIsADistributionToo() {
    Scale scale = Scale.numbers(10);
    Distribution before = histogram(scale, 1).values();
    Distribution after = histogram(scale, 1, 2, 11).values();
    assertArrayEquals(new long[] {1, 1}, after.minus(before).counts());
    assertArrayEquals(new long[] {3, 1}, after.plus(before).counts());
    assertEquals(3, after.size());
  }
}
