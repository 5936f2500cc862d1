package dev.ccr.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs the benches that have a budget and fails if one allocates more, or takes longer beside the
 * control. Bytes an operation are exact on any machine. Time is not: it is judged as a multiple of
 * what a fixed piece of work takes at the same moment, with generous budgets, and a bench that is
 * over its own is measured a second time, in another JVM.
 */
public final class Guard {

  private Guard() {}

  /**
   * Runs the guard, and ends the JVM: with 0 if all budgets are kept, and 1 if not.
   *
   * @param args the file of budgets, see {@link Budgets}
   */
  public static void main(String[] args) throws IOException, RunnerException {
    Budgets budgets = Budgets.parse(Files.readAllLines(Path.of(args[0])));
    Map<String, Figures> measured = GuardRun.measure(budgets.names());
    print(budgets, measured);
    List<String> slow = budgets.slow(measured);
    if (!slow.isEmpty()) {
      System.out.println("Measured again: " + String.join(", ", slow));
      GuardRun.measure(slow)
          .forEach((name, again) -> measured.merge(name, again, Figures::orQuicker));
    }
    List<String> broken = budgets.broken(measured);
    broken.forEach(System.out::println);
    System.out.println(broken.isEmpty() ? "All budgets are kept." : "A budget is not kept.");
    System.exit(broken.isEmpty() ? 0 : 1);
  }

  private static void print(Budgets budgets, Map<String, Figures> measured) {
    System.out.printf(
        "%-61s %9s %9s %11s %9s %9s%n", "bench", "B/op", "budget", "ns/op", "x control", "budget");
    measured.forEach(
        (name, figures) ->
            System.out.printf(
                "%-61s %9.1f %9s %11.1f %9.3f %9s%n",
                name,
                figures.bytes(),
                text(budgets.bytes().get(name)),
                figures.nanos(),
                figures.ratio(),
                text(budgets.ratios().get(name))));
  }

  private static String text(@Nullable Double budget) {
    return budget == null ? "" : budget.toString();
  }
}
