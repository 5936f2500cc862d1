package dev.ccr.proxy.attempt;

import dev.ccr.proxy.config.RetrySettings;

/**
 * How one attempt failed, as far as it matters for the next.
 *
 * @param status of the upstream's answer, or 0
 * @param retryAfterNanos for how long the upstream wants to be left alone, or {@link
 *     RetryAfter#UNKNOWN}
 * @param hopeless whether the upstream says that a retry is of no use
 */
public record Fault(Kind kind, int status, long retryAfterNanos, boolean hopeless) {

  /** What happened. */
  public enum Kind {
    /** A connection that had idled was closed, and not a byte of an answer had come. */
    STALE,
    /** There are as many connections as there may be: that is not the upstream's doing. */
    CROWDED,
    /** There was no connection. */
    UNREACHABLE,
    /** The connection broke, or what came was no answer. */
    LOST,
    /** The answer took too long. */
    TIMEOUT,
    /** The upstream answered with an error. */
    STATUS
  }

  /** A fault without an answer. */
  public static Fault of(Kind kind) {
    return new Fault(kind, 0, RetryAfter.UNKNOWN, false);
  }

  /** An error that stands in a body, without headers of its own. */
  public static Fault status(int status) {
    return new Fault(Kind.STATUS, status, RetryAfter.UNKNOWN, false);
  }

  /** Whether it counts as the upstream's failure: what is wrong with a request or a key does not. */
  boolean isFailure() {
    return kind != Kind.CROWDED && (kind != Kind.STATUS || status >= 500);
  }

  /** Whether another key may help. A 403 may be about what was asked, and so is not taken for one. */
  boolean concernsKey() {
    return kind == Kind.STATUS && (status == 401 || status == 402 || status == 429);
  }

  /** Whether the same may go well later. Whoever was silent for minutes is not asked again. */
  boolean isTransient(RetrySettings settings) {
    return switch (kind) {
      case STALE, UNREACHABLE, LOST -> true;
      case TIMEOUT, CROWDED -> false;
      case STATUS -> !hopeless && settings.covers(status);
    };
  }

  /**
   * Whether somebody else may do better. A request that is wrong by itself is wrong everywhere, and
   * a key that is wrong is the operator's to know.
   */
  boolean mayFallBack() {
    return kind != Kind.STATUS
        || switch (status) {
          case 402, 404, 408, 409, 429 -> true;
          default -> status >= 500;
        };
  }
}
