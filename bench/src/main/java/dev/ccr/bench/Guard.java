package dev.ccr.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benches that have a budget and fails if one allocates more. Bytes an operation are exact
 * on any machine; time is printed and not judged.
 */
public final class Guard {

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private static final int ITERATIONS = 3;

  /** Bytes an operation that are not worth a failure. */
  private static final double TOLERANCE = 1.0;

  /**
   * What the profiler and the harness allocate in an iteration, in bytes; about 40 KB are seen. On
   * a busy machine few operations share it.
   */
  private static final double HARNESS_BYTES = 65_536;

  private Guard() {}

  /**
   * Runs the guard.
   *
   * @param args the file of budgets: a line each, {@code Bench.method{param=value} = bytes}
   */
  public static void main(String[] args) throws IOException, RunnerException {
    Map<String, Double> budgets = budgets(Path.of(args[0]));
    Collection<RunResult> results = run(budgets);
    boolean kept = true;
    System.out.printf("%-55s %12s %12s %10s%n", "bench", "B/op", "budget", "ns/op");
    for (RunResult result : results) {
      String name = name(result);
      Double budget = budgets.remove(name);
      if (budget != null) {
        double bytes = allocated(result);
        boolean within = bytes <= budget + tolerance(result);
        kept &= within;
        System.out.printf(
            "%-55s %12.1f %12.1f %10.1f%s%n",
            name, bytes, budget, result.getPrimaryResult().getScore(), within ? "" : "  OVER");
      }
    }
    for (String missing : budgets.keySet()) {
      kept = false;
      System.out.println(missing + ": there is a budget but no such bench");
    }
    System.out.println(kept ? "All budgets are kept." : "A budget is not kept.");
    System.exit(kept ? 0 : 1);
  }

  private static Map<String, Double> budgets(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split(" = ", 2))
        .collect(
            Collectors.toMap(
                parts -> parts[0].strip(),
                parts -> Double.valueOf(parts[1].strip()),
                (a, b) -> b,
                TreeMap::new));
  }

  private static Collection<RunResult> run(Map<String, Double> budgets) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    budgets.keySet().stream()
        .map(name -> name.replaceAll("\\{.*", ""))
        .distinct()
        .forEach(name -> options.include("\\." + name.replace(".", "\\.") + "$"));
    params(budgets.keySet())
        .forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    return new Runner(
            options
                .forks(1)
                .warmupIterations(5)
                .warmupTime(TimeValue.milliseconds(400))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(400))
                .jvmArgsAppend("-Dslf4j.internal.verbosity=ERROR")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .build())
        .run();
  }

  /** The values of parameters that have budgets: others are not run. */
  private static Map<String, Set<String>> params(Collection<String> names) {
    Map<String, Set<String>> params = new TreeMap<>();
    for (String name : names) {
      int brace = name.indexOf('{');
      if (brace >= 0) {
        for (String param : name.substring(brace + 1, name.length() - 1).split(",", -1)) {
          String[] pair = param.split("=", 2);
          params.computeIfAbsent(pair[0], key -> new TreeSet<>()).add(pair[1]);
        }
      }
    }
    return params;
  }

  private static String name(RunResult result) {
    String[] path = result.getParams().getBenchmark().split("\\.", -1);
    Collection<String> keys = result.getParams().getParamsKeys();
    String params =
        keys.stream()
            .map(key -> key + "=" + result.getParams().getParam(key))
            .collect(Collectors.joining(","));
    return path[path.length - 2] + "." + path[path.length - 1]
        + (params.isEmpty() ? "" : "{" + params + "}");
  }

  private static double tolerance(RunResult result) {
    long operations =
        result.getBenchmarkResults().stream()
            .mapToLong(run -> run.getMetadata().getMeasurementOps())
            .sum();
    return TOLERANCE + ITERATIONS * HARNESS_BYTES / operations;
  }

  private static double allocated(RunResult result) {
    for (String label : result.getSecondaryResults().keySet()) {
      if (label.endsWith(ALLOCATED)) {
        return result.getSecondaryResults().get(label).getScore();
      }
    }
    return Double.NaN; // is over every budget, since it compares with nothing
  }
}
