package dev.ccr.bench.load;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Figures of the same thing in several rounds. Immutable. */
final class Series {

  private final double[] sorted;

  Series(Collection<Double> figures) {
    sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  boolean isEmpty() {
    return sorted.length == 0;
  }

  /** That in the middle, or the mean of the two there; NaN if there is none. */
  double median() {
    int middle = sorted.length / 2;
    if (isEmpty()) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double least() {
    return isEmpty() ? Double.NaN : sorted[0];
  }

  double most() {
    return isEmpty() ? Double.NaN : sorted[sorted.length - 1];
  }

  /** The median and the whole spread, or a dash. */
  String text(int decimals) {
    String one = "%." + decimals + "f";
    return isEmpty()
        ? "-"
        : String.format(
            Locale.ROOT, one + " (" + one + ".." + one + ")", median(), least(), most());
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }
}
