package dev.ccr.proxy.metrics;

/** The buckets of a histogram: values up to each bound, and those above all. Immutable. */
final class Scale {

  private static final double NANOS = 1e9;

  private final long[] bounds;
  private final double perUnit;

  private Scale(long[] bounds, double perUnit) {
    this.bounds = bounds;
    this.perUnit = perUnit;
  }

  /** Bounds in seconds, for values in nanoseconds. */
  static Scale seconds(double... bounds) {
    long[] nanos = new long[bounds.length];
    for (int i = 0; i < bounds.length; i++) {
      nanos[i] = Math.round(bounds[i] * NANOS);
    }
    return new Scale(nanos, NANOS);
  }

  /** Bounds for values without a unit. */
  static Scale numbers(long... bounds) {
    return new Scale(bounds.clone(), 1);
  }

  int buckets() {
    return bounds.length + 1;
  }

  /** The bucket of a value. */
  int bucket(long value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /** A value in the unit that is shown. */
  double shownValue(long value) {
    return value / perUnit;
  }

  /** The upper bound of a bucket, in the unit that is shown. */
  double shown(int bucket) {
    return bucket < bounds.length ? bounds[bucket] / perUnit : Double.POSITIVE_INFINITY;
  }
}
