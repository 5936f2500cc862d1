package dev.ccr.proxy.config;

import java.time.Duration;

/** Reads the time-outs. The longest is that of the TypeScript router: 24 days. */
final class LimitsReader {
  private static final String UNIT = "milliseconds";

  private LimitsReader() {}

  static Limits read(Section root) {
    Limits.Builder limits = Defaults.LIMITS.toBuilder();
    Long firstByte = root.countUnlessZero("API_TIMEOUT_MS", UNIT);
    if (firstByte != null) {
      limits.firstByte(Duration.ofMillis(firstByte));
    }
    Long streamIdle = root.countUnlessZero("STREAM_IDLE_TIMEOUT_MS", UNIT);
    if (streamIdle != null) {
      limits.streamIdle(Duration.ofMillis(streamIdle));
    }
    Long total = root.countUnlessZero("TOTAL_TIMEOUT_MS", UNIT);
    if (total != null) {
      limits.total(Duration.ofMillis(total));
    }
    Long connections = root.countUnlessZero("UPSTREAM_CONNECTIONS_PER_ORIGIN", "connections");
    if (connections != null) {
      limits.upstreamConnectionsPerOrigin(Math.toIntExact(connections));
    }
    Long connect = root.countUnlessZero("CONNECT_TIMEOUT_MS", UNIT);
    if (connect != null) {
      limits.connect(Duration.ofMillis(connect));
    }
    return limits.build();
  }
}
