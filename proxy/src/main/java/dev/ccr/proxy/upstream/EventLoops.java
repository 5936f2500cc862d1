package dev.ccr.proxy.upstream;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.NettyRuntime;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event loops that outlive an {@code Error}, and close all their channels when they are shut down.
 * Any thread may use them.
 *
 * <p>Netty (4.2.18) catches and logs what handlers and tasks throw. If that log fails, or Netty's
 * own code does, with an {@code Error}, it ends the loop's thread, and every channel of the loop
 * hangs for ever in a process that seems well. Here only the turn is lost: what the kernel has to
 * say of the other channels, it says again, and tasks stay in their queue. That holds for a
 * {@link VirtualMachineError} too. Netty's own limit of direct memory makes an {@code
 * OutOfMemoryError} that harms one request; after that of the heap a loop that goes on can at
 * least close what is too much, where one that ended frees nothing; and who wants the process to
 * end has the JVM do so ({@code -XX:+ExitOnOutOfMemoryError}), before any code sees the error.
 *
 * <p>A loop of Netty's that is asked to stop without a quiet period while it runs tasks ends before
 * it turns to its channels, and their sockets stay open. Here it does not.
 */
public final class EventLoops extends MultiThreadIoEventLoopGroup {

  private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

  /** After a turn that failed, so that a fault that stays does not take a processor. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Between two lines of one loop's log. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The least number of loops: with one alone, a large request would stop all streams. */
  private static final int FEWEST = 2;

  /**
   * Makes a loop a processor, and two at least. Netty makes twice as many, for handlers that block,
   * which none here does; on as many processors as there are, they only take turns.
   *
   * @param transport of all their channels
   */
  public EventLoops(Transport transport) {
    super(Math.max(FEWEST, NettyRuntime.availableProcessors()), transport.ioHandlers());
  }

  @Override
  protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... args) {
    return new Loop(this, executor, factory);
  }

  private static final class Loop extends SingleThreadIoEventLoop {

    private boolean asked;
    private long lastTold = System.nanoTime() - QUIET_NANOS;

    Loop(EventLoops parent, Executor executor, IoHandlerFactory factory) {
      super(parent, executor, factory);
    }

    @Override
    protected int runIo() {
      try {
        return super.runIo();
      } catch (Error e) {
        survive(e);
        return 0;
      }
    }

    @Override
    protected boolean runAllTasks(long timeoutNanos) {
      try {
        return super.runAllTasks(timeoutNanos);
      } catch (Error e) { // the task has run, or failed; those behind it wait for the next turn
        survive(e);
        return true;
      }
    }

    /** At the end of the loop there is no next turn: it goes on here. */
    @Override
    protected boolean runAllTasks() {
      boolean ran = false;
      while (true) {
        try {
          return super.runAllTasks() || ran;
        } catch (Error e) {
          survive(e);
          ran = true;
        }
      }
    }

    /** The first time the loop has to go round once more: on its way it closes its channels. */
    @Override
    protected boolean confirmShutdown() {
      if (!asked && isShuttingDown() && !isShutdown()) { // once shut down it takes no task
        asked = true;
        execute(() -> {}); // so that it does not wait for input
        return false;
      }
      return super.confirmShutdown();
    }

    private void survive(Error fault) {
      if (System.nanoTime() - lastTold >= QUIET_NANOS) {
        lastTold = System.nanoTime();
        tell(fault);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** Lets nothing out: most often it is a log that has failed, and may fail here again. */
    private static void tell(Error fault) {
      try {
        LOG.error("an event loop goes on after an error that nobody caught", fault);
      } catch (Throwable unlogged) {
        try { // no more than a name: an error's text may be what fails
          System.err.println("an event loop goes on after a " + fault.getClass().getName());
        } catch (Throwable untold) {
          // there is nobody left to tell
        }
      }
    }
  }
}
