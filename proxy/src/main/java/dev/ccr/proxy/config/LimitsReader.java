package dev.ccr.proxy.config;

import java.time.Duration;

/** Reads the time-outs. The longest is that of the TypeScript router: 24 days. */
final class LimitsReader {
  private static final String UNIT = "milliseconds";

  private LimitsReader() {}

  static Limits read(Section root) {
    Limits limits = Defaults.LIMITS;
    Long firstByte = root.countUnlessZero("API_TIMEOUT_MS", UNIT);
    if (firstByte != null) {
      limits = limits.withFirstByte(Duration.ofMillis(firstByte));
    }
    Long streamIdle = root.countUnlessZero("STREAM_IDLE_TIMEOUT_MS", UNIT);
    if (streamIdle != null) {
      limits = limits.withStreamIdle(Duration.ofMillis(streamIdle));
    }
    Long total = root.countUnlessZero("TOTAL_TIMEOUT_MS", UNIT);
    if (total != null) {
      limits = limits.withTotal(Duration.ofMillis(total));
    }
    return limits;
  }
}
