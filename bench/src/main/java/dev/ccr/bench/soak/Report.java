package dev.ccr.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines of figures, each with what it may be; the last word is whether all kept to it. */
final class Report {

  private final List<String> lines = new ArrayList<>();
  private boolean kept = true;

  void figure(String what, String figure) {
    line(what, figure, "", true);
  }

  void atMost(String what, double figure, double bound, String unit) {
    String most = Double.isInfinite(bound) ? "" : "at most " + number(bound) + unit;
    line(what, number(figure) + unit, most, figure <= bound);
  }

  boolean isKept() {
    return kept;
  }

  private void line(String what, String figure, String bound, boolean within) {
    kept &= within;
    lines.add(
        String.format(
                Locale.ROOT, "%-44s %14s  %-20s%s", what, figure, bound, within ? "" : " BREACH")
            .stripTrailing());
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n" + (kept ? "all bounds kept" : "BOUNDS BROKEN");
  }

  private static String number(double figure) {
    return figure == Math.rint(figure)
        ? Long.toString((long) figure)
        : String.format(Locale.ROOT, "%.2f", figure);
  }

  /**
   * The slope of a straight line through points, by least squares.
   *
   * @return y for each unit of x; 0 for fewer than two points
   */
  static double slope(List<double[]> points) {
    double n = points.size();
    double sumX = 0;
    double sumY = 0;
    double sumXy = 0;
    double sumXx = 0;
    for (double[] point : points) {
      sumX += point[0];
      sumY += point[1];
      sumXy += point[0] * point[1];
      sumXx += point[0] * point[0];
    }
    double spread = n * sumXx - sumX * sumX;
    return spread == 0 ? 0 : (n * sumXy - sumX * sumY) / spread;
  }
}
