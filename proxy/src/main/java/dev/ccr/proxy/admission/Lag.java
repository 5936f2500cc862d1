package dev.ccr.proxy.admission;

/**
 * Tells a loop that is overloaded from one that was held up: it is late again and again. What
 * counts is the least of some delays in a row, as in CoDel (RFC 8289, section 4.2): a collection of
 * garbage or a busy machine makes one of them long, a queue that does not shrink all of them. One
 * thread adds; any may ask.
 */
public final class Lag {

  /** How many delays have to be long. */
  private static final int DELAYS = 5;

  private final long[] last = new long[DELAYS];
  private int next;
  private volatile long standing;

  /** Adds a delay in nanoseconds. */
  public void add(long delay) {
    last[next] = delay;
    next = (next + 1) % DELAYS;
    long least = last[0];
    for (long each : last) {
      least = Math.min(least, each);
    }
    standing = least;
  }

  /** The delay that does not go away, in nanoseconds. */
  public long standing() {
    return standing;
  }
}
