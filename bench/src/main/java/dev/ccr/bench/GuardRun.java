package dev.ccr.bench;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs benches by their names, one after the other, each in a JVM of its own. */
final class GuardRun {

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private static final int ITERATIONS = 12;

  /** Which ratio counts, from the lowest: three may be too good by chance, and eight too bad. */
  private static final int QUARTER = ITERATIONS / 4;

  /** Short, so that the control is near. */
  private static final TimeValue ITERATION = TimeValue.milliseconds(100);

  /** Bytes an operation that are not worth a failure. */
  private static final double TOLERANCE = 1.0;

  /**
   * What the profiler and the harness allocate in an iteration, in bytes; about 40 KB are seen. On
   * a busy machine few operations share it.
   */
  private static final double HARNESS_BYTES = 65_536;

  private GuardRun() {}

  /**
   * Measures benches.
   *
   * @param names such as {@code Bench.method{param=value}}
   * @return figures by name; a bench that does not exist, or fails, has none
   */
  static Map<String, Figures> measure(Collection<String> names) throws RunnerException {
    Map<String, Figures> figures = new TreeMap<>();
    for (String name : names) {
      for (RunResult result : run(name)) {
        figures.put(name(result), figures(result));
      }
    }
    return figures;
  }

  private static Collection<RunResult> run(String name) throws RunnerException {
    int brace = name.indexOf('{');
    String bench = brace < 0 ? name : name.substring(0, brace);
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("\\." + bench.replace(".", "\\.") + "$")
        .forks(1)
        .warmupIterations(5)
        .warmupTime(TimeValue.milliseconds(400))
        .measurementIterations(ITERATIONS)
        .measurementTime(ITERATION)
        .jvmArgsAppend("-Dslf4j.internal.verbosity=ERROR")
        .addProfiler(ControlProfiler.class) // begins before the next and ends after it
        .addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT);
    if (brace >= 0) {
      for (String param : name.substring(brace + 1, name.length() - 1).split(",", -1)) {
        String[] pair = param.split("=", 2);
        options.param(pair[0], pair[1]);
      }
    }
    try {
      return new Runner(options.build()).run();
    } catch (NoBenchmarksException e) {
      return List.of();
    }
  }

  private static String name(RunResult result) {
    String[] path = result.getParams().getBenchmark().split("\\.", -1);
    String params =
        result.getParams().getParamsKeys().stream()
            .map(key -> key + "=" + result.getParams().getParam(key))
            .collect(Collectors.joining(","));
    return path[path.length - 2] + "." + path[path.length - 1]
        + (params.isEmpty() ? "" : "{" + params + "}");
  }

  private static Figures figures(RunResult result) {
    double[] nanos = sorted(result, iteration -> iteration.getPrimaryResult().getScore());
    double[] ratios = sorted(result, GuardRun::ratio);
    return new Figures(
        allocated(result), tolerance(result), nanos[0], ratios[QUARTER]);
  }

  private static double[] sorted(RunResult result, ToDoubleFunction<IterationResult> figure) {
    return result.getBenchmarkResults().stream()
        .flatMap(run -> run.getIterationResults().stream())
        .mapToDouble(figure)
        .sorted()
        .toArray();
  }

  private static double ratio(IterationResult iteration) {
    for (String label : iteration.getSecondaryResults().keySet()) {
      if (label.endsWith(ControlProfiler.RATIO)) {
        return iteration.getSecondaryResults().get(label).getScore();
      }
    }
    return Double.NaN; // is over every budget, since it compares with nothing
  }

  private static double allocated(RunResult result) {
    for (String label : result.getSecondaryResults().keySet()) {
      if (label.endsWith(ALLOCATED)) {
        return result.getSecondaryResults().get(label).getScore();
      }
    }
    return Double.NaN; // as above
  }

  private static double tolerance(RunResult result) {
    long operations =
        result.getBenchmarkResults().stream()
            .mapToLong(run -> run.getMetadata().getMeasurementOps())
            .sum();
    return TOLERANCE + ITERATIONS * HARNESS_BYTES / operations;
  }
}
