package dev.ccr.proxy.config;

import java.time.Duration;

/**
 * Reads the time-outs, and the bounds of connections, requests and bytes. The longest time is that
 * of the TypeScript router: 24 days.
 */
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
    Long perOrigin = root.countUnlessZero("UPSTREAM_CONNECTIONS_PER_ORIGIN", "connections");
    if (perOrigin != null) {
      limits.upstreamConnectionsPerOrigin(Math.toIntExact(perOrigin));
    }
    Long connect = root.countUnlessZero("CONNECT_TIMEOUT_MS", UNIT);
    if (connect != null) {
      limits.connect(Duration.ofMillis(connect));
    }
    limits.bytesInFlight(bytes(root));
    Long requests = root.countUnlessZero("MAX_REQUESTS_IN_FLIGHT", "a number of requests");
    if (requests != null) {
      limits.requestsInFlight(requests.intValue());
    }
    Long connections = root.countUnlessZero("MAX_CONNECTIONS", "a number of connections");
    if (connections != null) {
      limits.connections(connections.intValue());
    }
    readClient(root, limits);
    return limits.build();
  }

  /** 0, as if there were no such key, stands for what the memory allows. */
  private static long bytes(Section root) {
    Node node = root.filled("MAX_BYTES_IN_FLIGHT");
    Long bytes = node == null ? Long.valueOf(0) : node.integer();
    if (node != null && (bytes == null || bytes < 0)) {
      root.wrong("MAX_BYTES_IN_FLIGHT", node, "a number of bytes");
    }
    return bytes == null ? 0 : bytes;
  }

  private static void readClient(Section root, Limits.Builder limits) {
    Long header = root.countUnlessZero("CLIENT_HEADER_TIMEOUT_MS", UNIT);
    if (header != null) {
      limits.clientHeader(Duration.ofMillis(header));
    }
    Long body = root.countUnlessZero("CLIENT_BODY_TIMEOUT_MS", UNIT);
    if (body != null) {
      limits.clientRequest(Duration.ofMillis(body));
    }
    Long write = root.countUnlessZero("CLIENT_WRITE_TIMEOUT_MS", UNIT);
    if (write != null) {
      limits.clientWrite(Duration.ofMillis(write));
    }
    Long idle = root.countUnlessZero("CLIENT_IDLE_TIMEOUT_MS", UNIT);
    if (idle != null) {
      limits.clientKeepAlive(Duration.ofMillis(idle));
    }
  }
}
