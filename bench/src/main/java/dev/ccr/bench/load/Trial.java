package dev.ccr.bench.load;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Runs a workload through a way, once. What is measured lies between two points in time at which
 * all is under way; what comes before and behind is compared all the same. For one thread.
 */
final class Trial implements AutoCloseable {

  private static final long SETTLE_MILLIS = 300;
  private static final int PATIENCE_SECONDS = 30;

  /** For streams whose rate is more than the processors can do. */
  private static final int LATE_SECONDS = 120;

  /** Streams that have a rate end so long behind what is measured. */
  private static final long MARGIN_MILLIS = 300;

  private static final long LEAST_MILLIS = 500;

  /** How many connections that are to idle are opened at a time, and in which time all of them. */
  private static final int OPENING = 64;

  private static final int OPENING_SECONDS = 120;
  private static final int HUGE_CONNECTIONS = 4;
  private static final long HUGE_EVERY_MILLIS = 200;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("generator", true), EpollIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final long closedMillis;

  /** Those of the trial that runs. */
  private final List<Drive> drives = new ArrayList<>();

  /** @param closedMillis how long workloads without a rate are measured */
  Trial(long closedMillis) {
    this.closedMillis = closedMillis;
  }

  /**
   * Figures of one round.
   *
   * @param units requests or events, as the workload has it
   * @param cpuMicros processor time of one of them
   * @param compiler the share of it that a JVM's compilers took
   * @param rss of the process, in MB, while all was under way
   * @param delays of events, in nanoseconds
   */
  record Figures(
      double units,
      double perSecond,
      double cpuMicros,
      double compiler,
      double rss,
      Histogram delays) {}

  /** Runs it. Fails if any answer was wrong. */
  Figures run(Workload workload, Way way) throws IOException, InterruptedException {
    try {
      return switch (workload.shape()) {
        case CLOSED -> closed(workload, way);
        case PACED -> paced(workload, way);
        case PAUSE -> pause(workload, way);
        case IDLE -> idle(workload, way);
      };
    } finally {
      abort();
    }
  }

  private Figures closed(Workload workload, Way way) throws IOException, InterruptedException {
    Template template = way.template(workload.answer(), workload.tls());
    Drive drive = drive(workload, way, template, Drive.Again.AT_ONCE);
    drive.open(workload.connections(), workload.rampNanos());
    drive.await(0, workload.connections(), PATIENCE_SECONDS);
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    Figures figures = measure(workload, way, template, drive, closedMillis);
    drive.end(PATIENCE_SECONDS);
    return figures;
  }

  /**
   * Runs a workload without a rate for some time.
   *
   * @param connections at a time
   */
  Figures slice(Workload workload, Way way, int connections, long millis)
      throws IOException, InterruptedException {
    Template template = way.template(workload.answer(), workload.tls());
    Drive drive = drive(workload, way, template, Drive.Again.AT_ONCE);
    try {
      drive.open(connections, workload.rampNanos());
      Figures figures = measure(workload, way, template, drive, millis);
      drive.end(PATIENCE_SECONDS);
      return figures;
    } finally {
      abort();
    }
  }

  private Figures paced(Workload workload, Way way) throws IOException, InterruptedException {
    Template template = way.template(workload.answer(), false);
    long begin = System.nanoTime();
    Drive drive = drive(workload, way, template, Drive.Again.NEVER);
    drive.open(workload.connections(), workload.rampNanos());
    drive.await(workload.connections(), 0, PATIENCE_SECONDS);
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    Figures figures = measure(workload, way, template, drive, window(workload, begin));
    endAll(workload, drive);
    return figures;
  }

  private Figures pause(Workload workload, Way way) throws IOException, InterruptedException {
    Template template = way.template(workload.answer(), false);
    Drive huge =
        new Drive(
            loop,
            way.port(),
            way.request(Answer.SHORT, Workload.Body.HUGE, false),
            way.template(Answer.SHORT, false),
            Drive.Again.WHEN_TOLD);
    drives.add(huge);
    huge.open(HUGE_CONNECTIONS, TimeUnit.MILLISECONDS.toNanos(HUGE_EVERY_MILLIS));
    long begin = System.nanoTime();
    Drive drive = drive(workload, way, template, Drive.Again.NEVER);
    drive.open(workload.connections(), workload.rampNanos());
    drive.await(workload.connections(), 0, PATIENCE_SECONDS);
    huge.await(0, HUGE_CONNECTIONS, PATIENCE_SECONDS);
    ScheduledFuture<?> asks =
        loop.scheduleAtFixedRate(
            huge::ask, HUGE_EVERY_MILLIS, HUGE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    Figures figures = measure(workload, way, template, drive, window(workload, begin));
    asks.cancel(false);
    huge.end(PATIENCE_SECONDS);
    endAll(workload, drive);
    return figures;
  }

  private Figures idle(Workload workload, Way way) throws IOException, InterruptedException {
    Template template = way.template(workload.answer(), false);
    Drive drive = drive(workload, way, template, Drive.Again.IDLE);
    drive.openInTurns(workload.connections(), OPENING);
    drive.await(0, workload.connections(), OPENING_SECONDS);
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    double rss = new ProcessFigures(way.pid()).rssKilobytes() / 1024.0;
    drive.end(PATIENCE_SECONDS);
    return new Figures(workload.connections(), 0, 0, 0, rss, drive.takeDelays());
  }

  private Drive drive(Workload workload, Way way, Template template, Drive.Again again) {
    byte[] request = way.request(workload.answer(), workload.body(), workload.tls());
    Drive drive = new Drive(loop, way.port(), request, template, again);
    drives.add(drive);
    return drive;
  }

  private void abort() {
    drives.forEach(Drive::abort);
    drives.clear();
  }

  /** What is left of the streams, the first of which has begun when {@code begin} was. */
  private static long window(Workload workload, long begin) throws IOException {
    long gone = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    long left = workload.answer().millis() - gone - MARGIN_MILLIS;
    if (left < LEAST_MILLIS) {
      throw new IOException(workload.name() + ": the streams took " + gone + " ms to begin");
    }
    return left;
  }

  private static Figures measure(
      Workload workload, Way way, Template template, Drive drive, long millis)
      throws IOException, InterruptedException {
    ProcessFigures process = new ProcessFigures(way.pid());
    drive.takeDelays();
    Drive.Counts before = drive.counts();
    long begin = System.nanoTime();
    long cpu = process.cpuNanos();
    long compiler = process.compilerNanos();
    TimeUnit.MILLISECONDS.sleep(millis);
    cpu = process.cpuNanos() - cpu;
    compiler = process.compilerNanos() - compiler;
    long time = System.nanoTime() - begin;
    Drive.Counts after = drive.counts();
    Drive.check(after);
    double rss = process.rssKilobytes() / 1024.0;
    if (workload.answer().rate > 0 && after.answers() > before.answers()) {
      throw new IOException(workload.name() + ": streams ended while it was measured");
    }
    double units = workload.units(after.bytes() - before.bytes(), template.length());
    return new Figures(
        units,
        units / time * 1e9,
        cpu / 1_000.0 / units,
        (double) compiler / cpu,
        rss,
        drive.takeDelays());
  }

  private static void endAll(Workload workload, Drive drive)
      throws IOException, InterruptedException {
    Drive.Counts counts = drive.end(LATE_SECONDS);
    if (counts.answers() != workload.connections()) {
      throw new IOException(
          workload.name() + ": " + counts.answers() + " whole streams (expected: "
              + workload.connections() + ")");
    }
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }
}
