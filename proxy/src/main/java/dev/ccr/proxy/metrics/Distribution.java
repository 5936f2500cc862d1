package dev.ccr.proxy.metrics;

/** How many values lay between which bounds, at some moment or between two. Immutable. */
final class Distribution {

  private final Scale scale;
  private final long[] counts;

  /** @param counts taken; of each bucket, not summed up */
  Distribution(Scale scale, long[] counts) {
    this.scale = scale;
    this.counts = counts;
  }

  static Distribution none(Scale scale) {
    return new Distribution(scale, new long[scale.buckets()]);
  }

  /** Of each bucket, not summed up; borrowed. */
  long[] counts() {
    return counts;
  }

  Scale scale() {
    return scale;
  }

  /** How many values there are. */
  long size() {
    long size = 0;
    for (long count : counts) {
      size += count;
    }
    return size;
  }

  Distribution plus(Distribution other) {
    return combined(other, 1);
  }

  Distribution minus(Distribution other) {
    return combined(other, -1);
  }

  /**
   * Estimates a quantile as Prometheus does: values are taken to lie evenly between the bounds of
   * their bucket, and those above the last bound on it. There has to be a value.
   *
   * @return in the shown unit
   */
  double quantile(double quantile) {
    double rank = quantile * size();
    long before = 0;
    for (int bucket = 0; bucket < counts.length - 1; bucket++) {
      if (before + counts[bucket] >= rank && counts[bucket] > 0) {
        double lower = bucket == 0 ? 0 : scale.shown(bucket - 1);
        return lower + (scale.shown(bucket) - lower) * (rank - before) / counts[bucket];
      }
      before += counts[bucket];
    }
    return scale.shown(counts.length - 2);
  }

  private Distribution combined(Distribution other, int sign) {
    long[] combined = counts.clone();
    for (int i = 0; i < combined.length; i++) {
      combined[i] += sign * other.counts[i];
    }
    return new Distribution(scale, combined);
  }
}
