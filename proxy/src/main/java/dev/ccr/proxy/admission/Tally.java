package dev.ccr.proxy.admission;

import java.util.concurrent.atomic.AtomicLong;

/** How much of something is held at once, and a bound to it. Any thread may use it; none waits. */
final class Tally {

  private final AtomicLong held = new AtomicLong();

  /**
   * Adds to what is held, unless it would then be more than the bound. Where nothing is held
   * anything goes: what is too large for the bound alone would otherwise never have its turn.
   *
   * @param amount not negative
   */
  boolean tryAdd(long amount, long bound) {
    long now = held.get();
    while (now <= 0 || amount <= bound - now) {
      long seen = held.compareAndExchange(now, now + amount);
      if (seen == now) {
        return true;
      }
      now = seen;
    }
    return false;
  }

  /** Adds to what is held, or takes away, whatever the bound. */
  void add(long amount) {
    held.addAndGet(amount);
  }

  long held() {
    return held.get();
  }
}
