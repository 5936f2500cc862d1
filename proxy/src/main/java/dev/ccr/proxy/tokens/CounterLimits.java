package dev.ccr.proxy.tokens;

import java.time.Duration;

/**
 * What counting may cost. What does not fit gets an estimate.
 *
 * @param threads that count
 * @param waiting requests that may wait for them
 * @param deadline of a request, its waiting included
 * @param bytes of text that a request may have
 * @param remembered texts whose tokens are kept, about 130 bytes each
 */
public record CounterLimits(
    int threads, int waiting, Duration deadline, long bytes, int remembered) {

  /** For one router on one machine: 8 MiB are some two million tokens, more than a model reads. */
  public static CounterLimits defaults() {
    return new CounterLimits(2, 32, Duration.ofMillis(500), 8 << 20, 32_768);
  }
}
