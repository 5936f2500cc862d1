package dev.ccr.proxy.testing;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /metrics} of a router says at one moment. Immutable.
 *
 * @param text as it is, in the format of Prometheus
 */
public record Metrics(String text) {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = 1_000_000;

  /**
   * The value of a series.
   *
   * @param series its name, with its labels in braces as they are printed
   * @return 0 if nothing was counted with these labels yet
   * @throws AssertionError if there is no series of that name
   */
  public double of(String series) {
    if (series.contains("{")) {
      return counted(series);
    }
    return sample(series)
        .orElseThrow(() -> new AssertionError("no " + series + " in:\n" + text));
  }

  /** The value of a series that is not there before something is counted; 0 till then. */
  public double counted(String series) {
    return sample(series).orElse(0);
  }

  private OptionalDouble sample(String series) {
    Matcher sample =
        Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(text);
    return sample.find()
        ? OptionalDouble.of(Double.parseDouble(sample.group(1)))
        : OptionalDouble.empty();
  }

  /**
   * Waits until a series has a value.
   *
   * @param now asks the router again
   * @param series see {@link #of}
   * @throws AssertionError if it has another one for a minute
   */
  public static void await(Callable<Metrics> now, String series, double value) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Metrics metrics = now.call();
      double found = metrics.of(series);
      if (found == value) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            series + ": " + found + " (expected: " + value + ") in:\n" + metrics.text);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
