package dev.ccr.proxy.attempt;

import dev.ccr.proxy.config.CircuitSettings;
import dev.ccr.proxy.config.Secret;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One key of several, and whether it is any good at the moment: a key that was refused, or is over
 * its limit, cools down. It outlives a reload of the configuration. Any thread may use it, and none
 * waits.
 */
final class PooledKey {

  /** After a 429 that does not say for how long; it doubles with each that follows. */
  private static final long LIMITED_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LONGEST_LIMITED_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** After a 401 or a 402: somebody has to do something about it. */
  private static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** Also the longest that an upstream's word is taken for. */
  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final int MAX_DOUBLINGS = 6;
  private static final long NEVER = 0;

  private final Secret secret;
  private final CircuitBreaker breaker = new CircuitBreaker();
  private final AtomicLong cooledUntil = new AtomicLong(NEVER);
  private final AtomicInteger strikes = new AtomicInteger();

  PooledKey(Secret secret) {
    this.secret = secret;
  }

  Secret secret() {
    return secret;
  }

  /** Whether a request may use it; the one that tries whether it works again is one of them. */
  boolean admits(long nanoTime, CircuitSettings settings) {
    return coolingNanos(nanoTime) == 0 && breaker.admits(nanoTime, settings);
  }

  /** Whether it is as good as any, as far as is known. */
  boolean isReady(long nanoTime) {
    return coolingNanos(nanoTime) == 0
        && breaker.state(nanoTime) != CircuitBreaker.State.OPEN;
  }

  /** For how long it still cools down. */
  long coolingNanos(long nanoTime) {
    long until = cooledUntil.get();
    return until == NEVER ? 0 : Math.max(0, until - nanoTime);
  }

  /** In how long it may be used. */
  long readyInNanos(long nanoTime) {
    return Math.max(coolingNanos(nanoTime), breaker.retryInNanos(nanoTime));
  }

  /** It is over its limit, for a time or {@link RetryAfter#UNKNOWN}. */
  void limited(long nanoTime, long retryAfterNanos) {
    long doubled = doubled(nanoTime, LIMITED_NANOS, LONGEST_LIMITED_NANOS);
    cool(nanoTime, retryAfterNanos == RetryAfter.UNKNOWN ? doubled : retryAfterNanos);
  }

  /** It is not accepted, or not paid for. */
  void refused(long nanoTime) {
    cool(nanoTime, doubled(nanoTime, REFUSED_NANOS, LONGEST_NANOS));
  }

  /**
   * A request with it was answered.
   *
   * @param cooled whether it was used though it was cooling down: it need not any longer
   */
  void succeeded(boolean cooled) {
    breaker.succeeded();
    if (strikes.get() != 0) {
      strikes.set(0);
    }
    if (cooled) {
      cooledUntil.set(NEVER);
    }
  }

  /** The upstream failed a request with it. */
  void failed(long nanoTime, CircuitSettings settings) {
    breaker.failed(nanoTime, settings);
  }

  /** Requests that were under way together are one strike. */
  private long doubled(long nanoTime, long base, long longest) {
    int doublings =
        coolingNanos(nanoTime) == 0
            ? strikes.getAndUpdate(had -> Math.min(had + 1, MAX_DOUBLINGS))
            : 0;
    return Math.min(base << doublings, longest);
  }

  private void cool(long nanoTime, long nanos) {
    long until = nanoTime + Math.min(nanos, LONGEST_NANOS);
    cooledUntil.accumulateAndGet(
        until == NEVER ? 1 : until,
        (had, next) -> had == NEVER || next - had > 0 ? next : had);
  }
}
