package dev.ccr.proxy.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails every test that leaves a buffer unreleased; registered for all of them. It counts buffers
 * and does not wait for the collector, so it misses none. Connections that are being closed on
 * other threads get a moment to let go of theirs.
 */
public final class LeakCheck implements AfterEachCallback {

  private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();

  @Override
  public void afterEach(ExtensionContext context) {
    check();
  }

  /** Fails if a buffer is not released, now or in a moment. */
  public static void check() {
    check(PATIENCE_NANOS);
  }

  static void check(long patienceNanos) {
    long start = System.nanoTime();
    while (LeakDetector.hasOpenResources()) {
      if (System.nanoTime() - start > patienceNanos) {
        LeakDetector.fail();
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
