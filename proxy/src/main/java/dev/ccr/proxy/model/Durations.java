package dev.ccr.proxy.model;

import java.time.Duration;

/** How messages say a time: {@code 30 s}, or {@code 1500 ms} where seconds do not say all. */
public final class Durations {

  private static final int MILLIS = 1000;

  private Durations() {}

  /** Whole seconds as such, other times in milliseconds; what is less than those is left out. */
  public static String text(Duration time) {
    long millis = time.toMillis();
    return millis % MILLIS == 0 ? millis / MILLIS + " s" : millis + " ms";
  }
}
