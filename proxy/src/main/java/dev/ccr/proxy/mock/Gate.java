package dev.ccr.proxy.mock;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds replies at a {@link ReplyBuilder#await} step until it is opened, once and for good. Safe
 * for any thread; one gate may hold any number of connections, and may be opened before they come.
 */
public final class Gate {
  private final Set<Runnable> waiting = new LinkedHashSet<>(); // guarded by this
  private boolean open; // guarded by this

  /** A closed gate. */
  public Gate() {}

  /** Lets everybody through, those who wait and those who will come. Never blocks. */
  public void open() {
    List<Runnable> released;
    synchronized (this) {
      open = true;
      released = List.copyOf(waiting);
      waiting.clear();
    }
    released.forEach(Runnable::run); // outside the lock: they call into event loops
  }

  /** Whether {@link #open} was called. */
  public synchronized boolean isOpen() {
    return open;
  }

  /** Keeps the waiter until the gate opens; {@code false} if it is open: then nothing is kept. */
  synchronized boolean hold(Runnable waiter) {
    return !open && waiting.add(waiter);
  }

  /** Drops a waiter whose connection is gone. */
  synchronized void forget(Runnable waiter) {
    waiting.remove(waiter);
  }
}
