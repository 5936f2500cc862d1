package dev.ccr.proxy.admission;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket that holds what a minute allows, is full at first and fills up evenly: over any
 * time no more is taken than that time allows, and one bucket. It keeps nothing but the moment at
 * which it will be full (the virtual scheduling of GCRA, ITU-T I.371), so a new rate applies at
 * once. Any thread may use it; none waits. Times are those of one clock of nanoseconds.
 */
final class Bucket {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong fullAt;

  Bucket(long now) {
    fullAt = new AtomicLong(now);
  }

  /**
   * Takes an amount. What is more than the whole bucket is taken from a full one, and whoever comes
   * next waits for longer.
   *
   * @param perMinute positive
   * @param taken receives when the bucket has forgotten it, if it was taken
   * @return 0, or for how long there will not be enough, in nanoseconds
   */
  long take(long perMinute, long amount, long now, Reservation taken) {
    long price = price(perMinute, amount);
    while (true) {
      long full = fullAt.get();
      long from = full - now > 0 ? full : now;
      long wait = from - now + Math.min(price, MINUTE) - MINUTE;
      if (wait > 0) {
        return wait;
      }
      if (fullAt.compareAndSet(full, from + price)) {
        taken.amount = amount;
        taken.forgottenAt = from + price;
        return 0;
      }
    }
  }

  /**
   * Corrects what was taken once it is known what was used. More is taken whatever the bucket
   * holds. Of what was not used comes back what the bucket has not made up for meanwhile: nobody
   * gets it twice.
   */
  void settle(long perMinute, Reservation taken, long used, long now) {
    long difference = price(perMinute, Math.abs(used - taken.amount));
    if (used >= taken.amount) {
      fullAt.accumulateAndGet(
          difference, (full, more) -> (full - now > 0 ? full : now) + more);
    } else {
      long outstanding = Math.max(0, taken.forgottenAt - now);
      fullAt.addAndGet(-Math.min(difference, outstanding));
    }
    taken.amount = used;
  }

  private static long price(long perMinute, long amount) {
    return (long) ((double) amount * MINUTE / perMinute);
  }
}
