package dev.ccr.proxy.config;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;

/** Says in the documented JSON how long things may take and how much there may be of them. */
final class LimitsWriter {

  private final JsonGenerator out;

  private LimitsWriter(JsonGenerator out) {
    this.out = out;
  }

  /** Writes what is not the default. */
  static void write(Config config, JsonGenerator out) throws IOException {
    LimitsWriter writer = new LimitsWriter(out);
    writer.upstreams(config.limits(), Defaults.LIMITS);
    writer.liveness(config.liveness(), Defaults.LIVENESS);
    writer.clients(config.limits(), Defaults.LIMITS);
  }

  /** Writes a time, in milliseconds, that is not the usual one. */
  static void millis(String key, Duration value, Duration usual, JsonGenerator out)
      throws IOException {
    number(key, value.toMillis(), usual.toMillis(), out);
  }

  private static void number(String key, long value, long usual, JsonGenerator out)
      throws IOException {
    if (value != usual) {
      out.writeNumberField(key, value);
    }
  }

  private void upstreams(Limits limits, Limits usual) throws IOException {
    millis("API_TIMEOUT_MS", limits.firstByte(), usual.firstByte(), out);
    millis("STREAM_IDLE_TIMEOUT_MS", limits.streamIdle(), usual.streamIdle(), out);
    millis("TOTAL_TIMEOUT_MS", limits.total(), usual.total(), out);
    number(
        "UPSTREAM_CONNECTIONS_PER_ORIGIN",
        limits.upstreamConnectionsPerOrigin(),
        usual.upstreamConnectionsPerOrigin(),
        out);
    millis("CONNECT_TIMEOUT_MS", limits.connect(), usual.connect(), out);
  }

  private void liveness(Liveness liveness, Liveness usual) throws IOException {
    millis("PING_INTERVAL_MS", liveness.ping(), usual.ping(), out);
    millis("EARLY_COMMENTS_MS", liveness.earlyComments(), usual.earlyComments(), out);
    millis("GRACE_PERIOD_MS", liveness.gracePeriod(), usual.gracePeriod(), out);
    millis("DRAIN_DELAY_MS", liveness.drainDelay(), usual.drainDelay(), out);
  }

  private void clients(Limits limits, Limits usual) throws IOException {
    number("MAX_BYTES_IN_FLIGHT", limits.bytesInFlight(), usual.bytesInFlight(), out);
    number("MAX_REQUESTS_IN_FLIGHT", limits.requestsInFlight(), usual.requestsInFlight(), out);
    number("MAX_CONNECTIONS", limits.connections(), usual.connections(), out);
    millis("CLIENT_HEADER_TIMEOUT_MS", limits.clientHeader(), usual.clientHeader(), out);
    millis("CLIENT_BODY_TIMEOUT_MS", limits.clientRequest(), usual.clientRequest(), out);
    millis("CLIENT_WRITE_TIMEOUT_MS", limits.clientWrite(), usual.clientWrite(), out);
    millis("CLIENT_IDLE_TIMEOUT_MS", limits.clientKeepAlive(), usual.clientKeepAlive(), out);
  }
}
