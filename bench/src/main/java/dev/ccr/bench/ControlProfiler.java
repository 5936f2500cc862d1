package dev.ccr.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Tells the time of an operation as a multiple of the control's: {@link ControlBench} runs for
 * 10 ms right before each iteration of a bench and right after it, in the same JVM, and the
 * iteration is compared with the mean of both. Times are those of the threads' processors, which
 * leave out what other processes, the compiler and the collector do meanwhile: on a shared machine
 * of two cores their ratio moved half as much between runs as that of clock times, and the ratio
 * of the shortest iterations moved more than both, since bench and control may each have had their
 * best moment at another time.
 *
 * <p>Made by JMH in the JVM of a bench that runs in one thread; used by JMH's own thread.
 */
public final class ControlProfiler implements InternalProfiler {

  /** The result's name. */
  static final String RATIO = "control.ratio";

  private static final long CONTROL_NANOS = 10_000_000;

  /** Between two looks at the clock: some 0.5 ms. */
  private static final int CALLS = 20;

  /** In the name of the threads in which JMH runs benches. */
  private static final String WORKER = "-jmh-worker-";

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final ControlBench control = new ControlBench();
  private final int expected = control.kilobyte();
  private double before;
  private long workerBefore;

  @Override
  public String getDescription() {
    return "Time as a multiple of ControlBench";
  }

  @Override
  public void beforeIteration(BenchmarkParams bench, IterationParams iteration) {
    before = control();
    workerBefore = workerNanos();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams bench, IterationParams iteration, IterationResult result) {
    long worker = workerNanos() - workerBefore;
    double mean = (before + control()) / 2;
    double ratio = (double) worker / result.getMetadata().getAllOps() / mean;
    return List.of(new ScalarResult(RATIO, ratio, "x control", AggregationPolicy.AVG));
  }

  /** Nanoseconds of an operation of the control, now. */
  private double control() {
    long start = THREADS.getCurrentThreadCpuTime();
    long nanos = 0;
    long operations = 0;
    while (nanos < CONTROL_NANOS) {
      for (int i = 0; i < CALLS; i++) {
        if (control.kilobyte() != expected) { // asked, so that the compiler has to know
          throw new IllegalStateException("the control has read something else");
        }
      }
      operations += (long) CALLS * ControlBench.KILOBYTES;
      nanos = THREADS.getCurrentThreadCpuTime() - start;
    }
    return (double) nanos / operations;
  }

  /** What the bench's thread has used so far; 0 before there is one. */
  private static long workerNanos() {
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().contains(WORKER)) { // null: it has ended
        return THREADS.getThreadCpuTime(thread.getThreadId());
      }
    }
    return 0;
  }
}
