package dev.ccr.proxy.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts values by size. Any thread may add to it, and none waits for another; what is read
 * meanwhile may miss a value.
 */
final class Histogram {

  private final Scale scale;
  private final AtomicLongArray counts;
  private final LongAdder sum = new LongAdder();

  Histogram(Scale scale) {
    this.scale = scale;
    counts = new AtomicLongArray(scale.buckets());
  }

  /** Counts a value; one that is negative is not known, and passed over. */
  void add(long value) {
    if (value >= 0) {
      counts.incrementAndGet(scale.bucket(value));
      sum.add(value);
    }
  }

  /** All values so far. */
  Distribution values() {
    long[] copy = new long[counts.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.get(i);
    }
    return new Distribution(scale, copy);
  }

  /** The sum of all values. */
  long sum() {
    return sum.sum();
  }

  Scale scale() {
    return scale;
  }
}
