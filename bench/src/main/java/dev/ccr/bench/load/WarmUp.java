package dev.ccr.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Has a router's compilers finish before anything is measured: they are in the figures of its
 * process. All workloads take turns, since each of them undoes some of what was compiled for the
 * others. For one thread.
 */
final class WarmUp {

  /** The compilers' share of the processor time once they are done. */
  private static final double STEADY = 0.03;

  /** Code that is not compiled yet is slow, and a router that is late refuses requests. */
  private static final int FIRST_CONNECTIONS = 8;

  private static final long SLICE_MILLIS = 1_000;

  private final Trial trial;
  private final Way router;
  private final List<Workload> turns = new ArrayList<>();
  private final boolean paced;

  /** @param chosen what is to be measured */
  WarmUp(Trial trial, Way router, List<Workload> chosen) {
    this.trial = trial;
    this.router = router;
    paced = chosen.stream().anyMatch(each -> each.answer().rate > 0);
    chosen.stream().filter(each -> each.shape() == Workload.Shape.CLOSED).forEach(turns::add);
    if (turns.size() < chosen.size() && !turns.contains(Workload.WARM)) {
      turns.add(Workload.WARM); // the others have streams of the same kind
    }
  }

  /**
   * Runs all of them in turns until none leaves the compilers anything to do.
   *
   * @param seconds after which it is enough
   * @return what came of it, in a line
   */
  String run(int seconds) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    List<String> slices = new ArrayList<>();
    int rounds = 0;
    double most = 1;
    while (most > STEADY && System.nanoTime() < end) {
      most = 0;
      slices.clear();
      for (Workload turn : turns) {
        Trial.Figures figures =
            trial.slice(
                turn,
                router,
                rounds == 0 ? FIRST_CONNECTIONS : turn.connections(),
                SLICE_MILLIS);
        most = Math.max(most, figures.compiler());
        slices.add(
            String.format(
                Locale.ROOT, "%s %.2f us (%.0f %%)",
                turn.name(), figures.cpuMicros(), figures.compiler() * 100));
      }
      rounds++;
    }
    if (paced) { // what comes event by event has a path of its own
      trial.run(Workload.WARM_PACED, router);
    }
    return String.format(
        Locale.ROOT, "warmed up for %d s; at last, with the compilers' share: %s",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin), String.join(", ", slices));
  }
}
