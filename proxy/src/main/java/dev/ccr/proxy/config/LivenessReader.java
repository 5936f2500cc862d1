package dev.ccr.proxy.config;

import java.time.Duration;

/** Reads what keeps clients waiting, and what lets them leave in peace. */
final class LivenessReader {
  private static final String UNIT = "milliseconds";

  private LivenessReader() {}

  static Liveness read(Section root) {
    Liveness defaults = Defaults.LIVENESS;
    return new Liveness(
        time(root, "PING_INTERVAL_MS", defaults.ping()),
        time(root, "EARLY_COMMENTS_MS", defaults.earlyComments()),
        time(root, "GRACE_PERIOD_MS", defaults.gracePeriod()),
        time(root, "DRAIN_DELAY_MS", defaults.drainDelay()));
  }

  private static Duration time(Section root, String key, Duration silent) {
    Long millis = root.countOrZero(key, UNIT);
    return millis == null ? silent : Duration.ofMillis(millis);
  }
}
