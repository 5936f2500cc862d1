package dev.ccr.proxy.upstream;

import dev.ccr.proxy.model.Durations;
import dev.ccr.proxy.model.UpstreamException;
import java.time.Duration;

/** The clocks of an exchange with an upstream: each has a key, and words of its own for its end. */
enum Clock {
  CONNECT("no connection within ", "CONNECT_TIMEOUT_MS"),
  TLS("no TLS handshake within ", "CONNECT_TIMEOUT_MS"),
  REQUEST("the request could not be sent within ", "API_TIMEOUT_MS"),
  FIRST_BYTE("no answer within ", "API_TIMEOUT_MS"),
  SILENCE("silent for ", "STREAM_IDLE_TIMEOUT_MS"),
  TOTAL("no whole answer within ", "TOTAL_TIMEOUT_MS");

  private final String words;
  private final String key;

  Clock(String words, String key) {
    this.words = words;
    this.key = key;
  }

  /**
   * Says what has not come, in what time, and which key changes that: a 504.
   *
   * @param place what was waited for, as messages name it
   */
  UpstreamException expired(String place, Duration time) {
    return UpstreamException.timeout(
        place + ": " + words + Durations.text(time) + " (" + key + ")");
  }
}
