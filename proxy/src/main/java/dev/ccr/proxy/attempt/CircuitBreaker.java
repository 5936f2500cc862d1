package dev.ccr.proxy.attempt;

import dev.ccr.proxy.config.CircuitSettings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether somebody answers at all. It opens after some failures in a row, or when half of the last
 * 20 to 32 results were failures; after a while it lets one request through, whose result decides.
 * Any thread may use it, and none waits.
 */
public final class CircuitBreaker {

  /** As it is told. */
  public enum State {
    CLOSED,
    /** It was open, and one request tries it, or may. */
    HALF_OPEN,
    OPEN;

    /** The name in {@code /health}. */
    public String label() {
      return switch (this) {
        case CLOSED -> "closed";
        case HALF_OPEN -> "half_open";
        case OPEN -> "open";
      };
    }

    /** The value in {@code /metrics}. */
    public int figure() {
      return switch (this) {
        case CLOSED -> 0;
        case HALF_OPEN -> 1;
        case OPEN -> 2;
      };
    }
  }

  /** How many results are remembered. */
  private static final int WINDOW = 32;

  /** Of fewer results no rate is taken. */
  private static final int LEAST_RESULTS = 20;

  private static final long RESULTS = (1L << WINDOW) - 1;
  private static final long ALL_GOOD = (long) WINDOW << WINDOW;
  private static final long NEVER = 0;

  /** The last results, the newest lowest, 1 for a failure; above them how many there are. */
  private final AtomicLong window = new AtomicLong();

  /** When the next request may try it; {@link #NEVER} while it is closed. */
  private final AtomicLong retryAt = new AtomicLong(NEVER);

  private volatile boolean probing;

  /**
   * Whether a request may go there. If it was open for long enough, this is the one that tries, and
   * all others are refused until it has a result, or for as long again.
   */
  boolean admits(long nanoTime, CircuitSettings settings) {
    long at = retryAt.get();
    if (at == NEVER) {
      return true;
    }
    if (nanoTime - at < 0 || !retryAt.compareAndSet(at, later(nanoTime, settings))) {
      return false;
    }
    probing = true;
    return true;
  }

  /** A request was answered, with whatever status that is not the upstream's own failure. */
  void succeeded() {
    if (retryAt.get() != NEVER) {
      probing = false;
      window.set(0);
      retryAt.set(NEVER);
    } else if (window.get() != ALL_GOOD) { // or all loops would write the same again and again
      add(0);
    }
  }

  /** A request failed. */
  void failed(long nanoTime, CircuitSettings settings) {
    long at = retryAt.get();
    if (at == NEVER) {
      long results = add(1);
      if (isBad(results, settings)) {
        retryAt.compareAndSet(NEVER, later(nanoTime, settings));
      }
    } else if (probing || nanoTime - at >= 0) {
      probing = false;
      retryAt.compareAndSet(at, later(nanoTime, settings));
    }
  }

  /** What it is now. */
  public State state(long nanoTime) {
    long at = retryAt.get();
    if (at == NEVER) {
      return State.CLOSED;
    }
    return probing || nanoTime - at >= 0 ? State.HALF_OPEN : State.OPEN;
  }

  /** In how many nanoseconds the next request may try it; 0 if one may now. */
  long retryInNanos(long nanoTime) {
    long at = retryAt.get();
    return at == NEVER ? 0 : Math.max(0, at - nanoTime);
  }

  private static long later(long nanoTime, CircuitSettings settings) {
    long at = nanoTime + settings.open().toNanos();
    return at == NEVER ? 1 : at;
  }

  private static boolean isBad(long results, CircuitSettings settings) {
    int inARow = Long.numberOfTrailingZeros(~results);
    long count = results >>> WINDOW;
    return Math.min(inARow, count) >= settings.failures()
        || (count >= LEAST_RESULTS && 2L * Long.bitCount(results & RESULTS) >= count);
  }

  private long add(int failure) {
    while (true) {
      long had = window.get();
      long count = Math.min(WINDOW, (had >>> WINDOW) + 1);
      long has = (count << WINDOW) | (((had << 1) | failure) & RESULTS);
      if (window.compareAndSet(had, has)) {
        return has;
      }
    }
  }
}
