package dev.ccr.proxy.attempt;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many retries one provider bears: a fifth of its requests, and three a second besides, so that
 * one that is down is not asked many times as often as one that is up. A bucket of tokens. Any
 * thread may use it, and none waits.
 */
final class RetryBudget {

  /** Tokens are counted in thousandths. */
  private static final long TOKEN = 1_000;

  /** Ten seconds' worth of a provider that is hardly asked; it is full at first. */
  private static final long CAPACITY = 30 * TOKEN;

  private static final long PER_REQUEST = TOKEN / 5;

  /** A thousandth at three a second. */
  private static final long NANOS_PER_THOUSANDTH = 1_000_000_000L / (3 * TOKEN);

  private final AtomicLong level = new AtomicLong(CAPACITY);
  private final AtomicLong filledAt = new AtomicLong();

  /** A request is sent for the first time. */
  void request() {
    add(PER_REQUEST);
  }

  /** Whether a retry may be made; it is counted then. */
  boolean take(long nanoTime) {
    fill(nanoTime);
    for (long had = level.get(); had >= TOKEN; had = level.get()) {
      if (level.compareAndSet(had, had - TOKEN)) {
        return true;
      }
    }
    return false;
  }

  private void fill(long nanoTime) {
    long last = filledAt.get();
    long drops = last == 0 ? 0 : (nanoTime - last) / NANOS_PER_THOUSANDTH;
    long until = last == 0 ? nanoTime : last + drops * NANOS_PER_THOUSANDTH;
    if (filledAt.compareAndSet(last, until)) { // else another thread fills
      add(drops);
    }
  }

  private void add(long drops) {
    long had = level.get();
    while (had < CAPACITY && drops > 0) {
      if (level.compareAndSet(had, Math.min(CAPACITY, had + drops))) {
        return;
      }
      had = level.get();
    }
  }
}
