package dev.ccr.bench.load;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives streams of one rate their turns: a wheel of slots, so that no event costs a timer. New
 * streams go to one slot after the other, which spreads them evenly. For one event loop's thread.
 */
final class Pacer implements Runnable {

  private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /** A stream that is to send an event. */
  interface Stream {
    /** Sends it; says whether there are more. */
    boolean turn();
  }

  private final List<List<Stream>> slots = new ArrayList<>();

  /** From slot to slot, far apart; has no factor in common with their number. */
  private final int step;

  private final EventLoop loop;
  private final long start = System.nanoTime();
  private int filled;
  private int streams;
  private long ticks;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * For a rate.
   *
   * @param loop whose thread all of this is for
   * @param rate turns a second
   */
  Pacer(EventLoop loop, int rate) {
    this.loop = loop;
    int count = (int) (TimeUnit.SECONDS.toNanos(1) / TICK_NANOS / rate);
    for (int i = 0; i < count; i++) {
      slots.add(new ArrayList<>());
    }
    int far = (int) (count * 0.618);
    while (gcd(far, count) != 1) {
      far++;
    }
    this.step = far;
  }

  /** Gives it turns from now on, until it has no more events. */
  void add(Stream stream) {
    slots.get((int) ((long) filled++ * step % slots.size())).add(stream);
    streams++;
    if (timer == null) {
      ticks = now();
      timer = loop.scheduleAtFixedRate(this, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private long now() {
    return (System.nanoTime() - start) / TICK_NANOS;
  }

  /** What is due; after a pause, all of it. */
  @Override
  public void run() {
    long due = now();
    while (ticks < due) {
      List<Stream> slot = slots.get((int) (++ticks % slots.size()));
      for (int i = slot.size() - 1; i >= 0; i--) {
        if (!slot.get(i).turn()) {
          slot.set(i, slot.getLast());
          slot.removeLast();
          streams--;
        }
      }
    }
    ScheduledFuture<?> running = timer;
    if (streams == 0 && running != null) {
      running.cancel(false);
      timer = null;
    }
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
