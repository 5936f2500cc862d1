package dev.ccr.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What operations may allocate, and how long they may take as multiples of the control, by the
 * names of benches. A line each, {@code Bench.method{param=value} = 430} for bytes and {@code ... =
 * 2.5 x control} for time; blank lines and those that begin with {@code #} are passed over.
 *
 * @param bytes the most bytes of an operation
 * @param ratios the most time of an operation
 */
record Budgets(SortedMap<String, Double> bytes, SortedMap<String, Double> ratios) {

  private static final Pattern LINE =
      Pattern.compile("(\\S.*?) = ([0-9]+(?:\\.[0-9]+)?)( x control)?");

  /**
   * Reads budgets.
   *
   * @throws IllegalArgumentException if a line is no budget, or the second of its kind for a bench
   */
  static Budgets parse(List<String> lines) {
    Budgets budgets = new Budgets(new TreeMap<>(), new TreeMap<>());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
          throw new IllegalArgumentException(
              "line %d: %s (expected: BENCH = BYTES, or BENCH = NUMBER x control)"
                  .formatted(i + 1, line));
        }
        Map<String, Double> kind = parts.group(3) == null ? budgets.bytes : budgets.ratios;
        if (kind.put(parts.group(1), Double.valueOf(parts.group(2))) != null) {
          throw new IllegalArgumentException(
              "line %d: %s (expected: one such budget for a bench)".formatted(i + 1, line));
        }
      }
    }
    return budgets;
  }

  /** The benches that have a budget of any kind. */
  SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(bytes.keySet());
    names.addAll(ratios.keySet());
    return names;
  }

  /** The benches that take longer than they may. */
  List<String> slow(Map<String, Figures> measured) {
    List<String> slow = new ArrayList<>();
    measured.forEach(
        (name, figures) -> {
          if (isOver(figures.ratio(), ratios.get(name))) {
            slow.add(name);
          }
        });
    return slow;
  }

  /** What is not kept, in a line each, and what to do; empty if all budgets are. */
  List<String> broken(Map<String, Figures> measured) {
    List<String> broken = new ArrayList<>();
    for (String name : names()) {
      Figures figures = measured.get(name);
      if (figures == null) {
        broken.add(name + ": there is a budget but no such bench");
        continue;
      }
      Double most = bytes.get(name);
      if (isOver(figures.bytes() - figures.tolerance(), most)) {
        broken.add(
            String.format(
                Locale.ROOT,
                "%s: allocates %.1f bytes an operation (expected: at most %s): find what"
                    + " allocates, or say in the commit why the budget has to grow",
                name,
                figures.bytes(),
                most));
      }
      Double longest = ratios.get(name);
      if (isOver(figures.ratio(), longest)) {
        broken.add(
            String.format(
                Locale.ROOT,
                "%s: takes %.3f times what the control takes (expected: at most %s): find what"
                    + " made it slower, or say in the commit why the budget has to grow",
                name,
                figures.ratio(),
                longest));
      }
    }
    return broken;
  }

  private static boolean isOver(double figure, @Nullable Double budget) {
    return budget != null && !(figure <= budget); // what is no number is over
  }
}
