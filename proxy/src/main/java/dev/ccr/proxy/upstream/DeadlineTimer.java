package dev.ccr.proxy.upstream;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that is moved often and missed seldom: moving it costs a look at the clock, no task.
 * One task is pending at a time; it comes at least once in the shortest time the deadline is ever
 * set to, and looks whether the deadline has passed. For one event loop's thread.
 */
public final class DeadlineTimer {

  private final EventExecutor executor;
  private final long shortestNanos;
  private final Runnable onExpiry;
  private @Nullable Future<?> pending;
  private long deadline;

  /**
   * @param shortest the least {@link #set} is called with
   * @param onExpiry called on the executor; may set the deadline again
   */
  public DeadlineTimer(EventExecutor executor, Duration shortest, Runnable onExpiry) {
    this.executor = executor;
    this.shortestNanos = shortest.toNanos();
    this.onExpiry = onExpiry;
  }

  /** Moves the deadline; starts the timer if it does not run. */
  public void set(Duration fromNow) {
    deadline = executor.ticker().nanoTime() + fromNow.toNanos();
    if (pending == null) {
      schedule(shortestNanos);
    }
  }

  /** Stops the timer for good. */
  public void cancel() {
    if (pending != null) {
      pending.cancel(false);
      pending = null;
    }
  }

  private void schedule(long nanos) {
    pending = executor.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    pending = null;
    long left = deadline - executor.ticker().nanoTime();
    if (left > 0) {
      schedule(Math.min(left, shortestNanos));
    } else {
      onExpiry.run();
    }
  }
}
