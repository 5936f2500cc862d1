package dev.ccr.proxy.mock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What a {@link MockUpstream} has seen and sent: written by event loops, read by any thread. */
final class Traffic {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final LongAdder bytesSent = new LongAdder();
  private final boolean recording;
  // All guarded by the lock.
  private final List<MockRequest> requests = new ArrayList<>();
  private int accepted;
  private int open;
  private int stalled;

  Traffic(boolean recording) {
    this.recording = recording;
  }

  /** Counts a connection in and gives its number. */
  int connected() {
    lock.lock();
    try {
      open++;
      changed.signalAll();
      return ++accepted;
    } finally {
      lock.unlock();
    }
  }

  void disconnected() {
    lock.lock();
    try {
      open--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void received(MockRequest request) {
    if (recording) {
      lock.lock();
      try {
        requests.add(request);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** A reply stands still (1) because its client does not read, or no longer does (-1). */
  void stalled(int change) {
    lock.lock();
    try {
      stalled += change;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void sent(int payload) {
    bytesSent.add(payload);
  }

  long bytesSent() {
    return bytesSent.sum();
  }

  int accepted() {
    return read(() -> accepted);
  }

  int open() {
    return read(() -> open);
  }

  int stalled() {
    return read(() -> stalled);
  }

  List<MockRequest> requests() {
    return read(() -> List.copyOf(requests));
  }

  List<MockRequest> awaitRequests(int count, Duration timeout)
      throws InterruptedException, TimeoutException {
    if (!recording) {
      throw new IllegalStateException("recording: off (expected: on)");
    }
    return await(
        () -> requests.size() >= count,
        timeout,
        () -> List.copyOf(requests.subList(0, count)),
        () -> "requests: " + requests.size() + " (expected: >= " + count);
  }

  int awaitOpen(int count, Duration timeout) throws InterruptedException, TimeoutException {
    return await(
        () -> open == count,
        timeout,
        () -> open,
        () -> "connections: " + open + " (expected: " + count);
  }

  int awaitStalled(int count, Duration timeout) throws InterruptedException, TimeoutException {
    return await(
        () -> stalled >= count,
        timeout,
        () -> stalled,
        () -> "stalled connections: " + stalled + " (expected: >= " + count);
  }

  /** Waits for the condition and reads the result under one lock. */
  private <T> T await(
      BooleanSupplier condition, Duration timeout, Supplier<T> result, Supplier<String> problem)
      throws InterruptedException, TimeoutException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          throw new TimeoutException(problem.get() + " within " + timeout + ")");
        }
        left = changed.awaitNanos(left);
      }
      return result.get();
    } finally {
      lock.unlock();
    }
  }

  private <T> T read(Supplier<T> value) {
    lock.lock();
    try {
      return value.get();
    } finally {
      lock.unlock();
    }
  }
}
