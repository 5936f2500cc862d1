package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Lag;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late an event loop runs what was due, as long as requests come: an idle router does
 * not wake up for it. Used by its loop only, but for what it has found out.
 */
final class LagProbe implements Runnable {

  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

  private final EventLoop loop;
  private final Lag lag = new Lag();
  private boolean running;
  private boolean wanted;
  private long due;

  LagProbe(EventLoop loop) {
    this.loop = loop;
  }

  Lag lag() {
    return lag;
  }

  /** A request has come: how late the loop is will be of interest. */
  void wake() {
    wanted = true;
    if (!running) {
      running = true;
      schedule();
    }
  }

  @Override
  public void run() {
    lag.add(Math.max(0, loop.ticker().nanoTime() - due));
    running = wanted || lag.standing() > INTERVAL; // until the loop has caught up
    wanted = false;
    if (running) {
      schedule();
    }
  }

  private void schedule() {
    due = loop.ticker().nanoTime() + INTERVAL;
    loop.schedule(this, INTERVAL, TimeUnit.NANOSECONDS);
  }
}
