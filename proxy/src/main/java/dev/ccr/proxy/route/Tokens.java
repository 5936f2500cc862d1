package dev.ccr.proxy.route;

/** What is known of how many input tokens a request has. */
public interface Tokens {

  /** An answer that may have to wait for an exact count. */
  enum Answer {
    YES,
    NO,
    UNKNOWN
  }

  /** Whether there are more than {@code threshold}. */
  Answer moreThan(long threshold);

  /** An exact count, or an estimate that is to be taken for one. */
  static Tokens of(long count) {
    return threshold -> count > threshold ? Answer.YES : Answer.NO;
  }
}
