package dev.ccr.proxy.attempt;

import dev.ccr.proxy.config.RetrySettings;

/** How long to wait before a retry. */
final class Backoff {

  /** More doublings than any cap allows. */
  private static final int MAX_DOUBLINGS = 30;

  private Backoff() {}

  /**
   * The base, doubled with each retry, up to the cap; of that at least half, so that those who
   * failed together do not come again together.
   *
   * @param retry its number, from 1
   * @param random 0 to below 1
   * @return nanoseconds
   */
  static long nanos(RetrySettings settings, int retry, double random) {
    int doublings = Math.min(retry - 1, MAX_DOUBLINGS);
    long cap = settings.maxDelay().toNanos();
    long base = settings.baseDelay().toNanos();
    long full = base > (cap >> doublings) ? cap : base << doublings;
    return full / 2 + (long) (random * (full - full / 2));
  }
}
