package dev.ccr.proxy.config;

import java.time.Duration;
import java.util.Set;

/**
 * How often a request is sent to one provider before its error counts. Immutable.
 *
 * @param attempts how often at most, 1 for once
 * @param baseDelay the wait before the first retry; it doubles with each
 * @param maxDelay the longest wait; an upstream that asks for a longer one is not asked again
 * @param statuses that are worth a retry; empty for the usual ones: 408, 409, 429 and 5xx
 */
public record RetrySettings(
    int attempts, Duration baseDelay, Duration maxDelay, Set<Integer> statuses) {

  public RetrySettings {
    statuses = Set.copyOf(statuses);
  }

  /** Whether an answer with this status is worth a retry. */
  public boolean covers(int status) {
    return statuses.isEmpty()
        ? status == 408 || status == 409 || status == 429 || status >= 500
        : statuses.contains(status);
  }
}
