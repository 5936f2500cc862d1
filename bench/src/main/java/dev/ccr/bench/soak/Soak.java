package dev.ccr.bench.soak;

import dev.ccr.bench.soak.Load.Case;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Drives a router that runs already, at a steady rate that does not wait for answers, and checks
 * that every answer is right and that the router keeps nothing. {@code scripts/soak} starts it.
 */
public final class Soak {

  private static final long SEED = 42;
  private static final long WARM_UP_SECONDS = 20;
  private static final long RELOAD_SECONDS = 5;
  private static final long SETTLE_SECONDS = 90;
  private static final int MOST_AT_ONCE = 500;
  private static final int SHOWN = 5;

  /** What the JIT's code and the threads' stacks may add in short runs, in MB. */
  private static final double RSS_NOISE = 4;

  /** What caches may add to the heap, in MB. */
  private static final double HEAP_NOISE = 8;

  /** Below this a 99th percentile says more of the machine than of the router, in milliseconds. */
  private static final double P99_NOISE = 50;

  private static final long P99_SAMPLES = 1_000;

  private final Load load;
  private final RouterProcess router;
  private final Path config;
  private final Path log;
  private final String plant;
  private final List<Case> deck = new ArrayList<>();
  private final Map<Case, String> firsts = new HashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicLong wrongs = new AtomicLong();
  private final LongAdder done = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final ConcurrentHistogram[] halves = {
    new ConcurrentHistogram(3), new ConcurrentHistogram(3)
  };
  private final List<Socket> abandoned = new ArrayList<>();
  private final List<RouterProcess.Figures> samples = new ArrayList<>();
  private int reloads;

  private Soak(Load load, RouterProcess router, Path config, Path log, String plant) {
    this.load = load;
    this.router = router;
    this.config = config;
    this.log = log;
    this.plant = plant;
    for (Case each : Load.CASES) {
      for (int i = 0; i < each.share(); i++) {
        deck.add(each);
      }
    }
  }

  /**
   * Runs it.
   *
   * @param args the ports of the router and of its upstream, the router's process, the minutes,
   *     requests a second, the router's configuration and log, and what is planted to be found:
   *     {@code leak}, {@code wrong} or {@code none}
   */
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    RouterProcess router =
        new RouterProcess(Long.parseLong(args[2]), port, Integer.parseInt(args[1]));
    boolean kept;
    try (Load load = new Load(port)) {
      Soak soak = new Soak(load, router, Path.of(args[5]), Path.of(args[6]), args[7]);
      Report report = soak.run(Double.parseDouble(args[3]), Integer.parseInt(args[4]));
      System.out.println(report);
      kept = report.isKept();
    }
    System.exit(kept ? 0 : 1);
  }

  private Report run(double minutes, int rate) throws Exception {
    for (Case each : Load.CASES) {
      String first = load.ask(each);
      String fault = Load.judge(each, first, first);
      if (!fault.isEmpty()) {
        throw new IOException("before the load: " + each + ": " + fault);
      }
      firsts.put(each, plant.equals("wrong") ? first + "!" : first);
    }
    drive(WARM_UP_SECONDS, rate, false);
    settle();
    RouterProcess.Figures idle = router.now();
    double heap = router.liveHeap();
    forget();
    drive(Math.round(minutes * 60), rate, true);
    settle();
    return report(idle, heap, rate);
  }

  /** Sends requests at their times, whatever has become of the others. */
  private void drive(long seconds, int rate, boolean measured)
      throws IOException, InterruptedException {
    Random random = new Random(SEED);
    long start = System.nanoTime();
    long total = seconds * rate;
    for (long sent = 0; sent < total; sent++) {
      long due = start + sent * TimeUnit.SECONDS.toNanos(1) / rate;
      for (long wait; (wait = due - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(wait);
      }
      if (measured && sent % rate == 0) {
        everySecond(sent / rate);
      }
      Case next = deck.get(random.nextInt(deck.size()));
      int half = sent < total / 2 ? 0 : 1;
      if (room.tryAcquire()) {
        Thread.ofVirtual().start(() -> exchange(next, half, due));
      } else {
        skipped.increment();
      }
    }
  }

  private void everySecond(long second) throws IOException {
    samples.add(router.now());
    if (second % RELOAD_SECONDS == 0) {
      reload();
    }
    if (plant.equals("leak")) {
      abandoned.add(load.open(Load.ENDLESS));
    }
  }

  /** From the time at which it was due, so that a router that stands still is seen. */
  private void exchange(Case asked, int half, long due) {
    try {
      String first = firsts.getOrDefault(asked, "");
      String fault = Load.judge(asked, first, load.ask(asked));
      if (!fault.isEmpty()) {
        wrong(asked + ": " + fault);
      }
      if (asked.isQuick()) {
        halves[half].recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due));
      }
      done.increment();
    } catch (IOException | InterruptedException | RuntimeException e) {
      wrong(asked + ": " + e);
    } finally {
      room.release();
    }
  }

  private void wrong(String what) {
    if (wrongs.incrementAndGet() <= SHOWN) {
      wrong.add(what);
    }
  }

  /** What was counted while all was warmed up. */
  private void forget() {
    done.reset();
    halves[0].reset();
    halves[1].reset();
  }

  /** Another file with the same meaning, in one step. */
  private void reload() throws IOException {
    String text = Files.readString(config).strip();
    Path next = config.resolveSibling("next.json");
    Files.writeString(next, text + " ".repeat(1 + reloads++ % 2));
    Files.move(next, config, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Waits for the last answers, and until connections that idle are closed. */
  private void settle() throws InterruptedException {
    load.closeIdle();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
    while (!isSettled() && System.nanoTime() < end) {
      TimeUnit.SECONDS.sleep(1); // a driver, no test: the router gets some rest too
    }
  }

  private boolean isSettled() {
    RouterProcess.Figures now = router.now();
    return room.availablePermits() == MOST_AT_ONCE
        && now.inFlight() == 0
        && now.clientConnections() <= 1
        && now.upstreamConnections() == 0;
  }

  private Report report(RouterProcess.Figures idle, double heapBefore, int rate)
      throws IOException, InterruptedException {
    RouterProcess.Figures end = router.now();
    double heapAfter = router.liveHeap();
    List<double[]> half = new ArrayList<>();
    int threads = 0;
    for (int i = samples.size() / 2; i < samples.size(); i++) {
      half.add(new double[] {i / 60.0, samples.get(i).rss()});
      threads = Math.max(threads, samples.get(i).threads());
    }
    int threadsBefore = samples.stream().limit(samples.size() / 2)
        .mapToInt(RouterProcess.Figures::threads).max().orElse(0);
    double slope = Report.slope(half);
    double noise = RSS_NOISE * 60 / Math.max(1, half.size());
    double p99 = halves[0].getValueAtPercentile(99) / 1000.0;
    double later = halves[1].getValueAtPercentile(99) / 1000.0;
    Report report = new Report();
    report.figure("requests", done + " at " + rate + "/s");
    report.figure("reloads", Integer.toString(reloads));
    report.atMost("unexpected outcomes", (double) wrongs.get(), 0, "");
    report.atMost("requests not sent for want of room", (double) skipped.sum(), 0, "");
    report.atMost("RSS slope, second half", slope, Math.max(1, noise), " MB/min");
    report.figure("RSS, idle before and after",
        String.format(Locale.ROOT, "%.0f / %.0f MB", idle.rss(), end.rss()));
    report.atMost("live heap, growth", heapAfter - heapBefore, HEAP_NOISE, " MB");
    report.atMost("direct memory at the end, above before", end.direct() - idle.direct(), 1,
        " MB");
    report.atMost("file descriptors at the end, above before",
        end.descriptors() - idle.descriptors(), 0, "");
    report.atMost("requests in flight at the end", end.inFlight(), 0, "");
    report.atMost("threads, most of 2nd half above 1st", threads - threadsBefore, 1, "");
    report.atMost("leaks in the log", (double) count("LEAK:"), 0, "");
    report.atMost("bugs in the log", (double) count("a bug in the router"), 0, "");
    report.figure("p50 / p99, first half", String.format(Locale.ROOT, "%.1f / %.1f ms",
        halves[0].getValueAtPercentile(50) / 1000.0, p99));
    report.figure("p50 / p99, second half", String.format(Locale.ROOT, "%.1f / %.1f ms",
        halves[1].getValueAtPercentile(50) / 1000.0, later));
    double drift = later / Math.max(P99_NOISE, p99);
    boolean enough = Math.min(halves[0].getTotalCount(), halves[1].getTotalCount()) >= P99_SAMPLES;
    // Of few requests a 99th percentile is the slowest one.
    report.atMost(
        "p99 drift, second half to first", drift, enough ? 1.5 : Double.POSITIVE_INFINITY, "");
    wrong.forEach(each -> System.out.println(each.substring(0, Math.min(2_000, each.length()))));
    return report;
  }

  private long count(String word) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(word)).count();
    }
  }
}
