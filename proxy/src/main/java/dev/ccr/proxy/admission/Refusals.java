package dev.ccr.proxy.admission;

import dev.ccr.proxy.model.Limit;
import dev.ccr.proxy.model.RequestException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What clients are told that are refused: which limit, whose, its figures, and when to return. */
final class Refusals {

  /** Nobody knows when there will be room; whoever returns shall not come with all the others. */
  private static final int MOST_SECONDS = 3;

  private Refusals() {}

  static RequestException late(long lag) {
    return RequestException.refused(
        Limit.LOAD,
        soon(),
        "the router is overloaded: " + TimeUnit.NANOSECONDS.toMillis(lag)
            + " ms behind (expected: a request when it has caught up)");
  }

  static RequestException requests(long underWay, long bound) {
    return RequestException.refused(
        Limit.REQUESTS,
        soon(),
        "requests under way: " + underWay + " (expected: less than " + bound + ")");
  }

  static RequestException bytes(long held, long more, long bound) {
    return RequestException.refused(
        Limit.BYTES,
        soon(),
        "bytes in flight: " + held + ", and " + more + " of this request (expected: at most "
            + bound + ")");
  }

  static RequestException concurrent(String client, long bound) {
    return RequestException.refused(
        Limit.CLIENT_CONCURRENT,
        soon(),
        "requests of " + client + " under way: " + bound + " (expected: less than " + bound
            + ")");
  }

  static RequestException requestsPerMinute(String client, long bound, long wait) {
    long seconds = seconds(wait);
    return RequestException.refused(
        Limit.CLIENT_REQUESTS,
        seconds,
        "requests of " + client + ": more than " + bound + " a minute (expected: the next in "
            + seconds + " s)");
  }

  static RequestException tokensPerMinute(String client, long bound, long tokens, long wait) {
    long seconds = seconds(wait);
    return RequestException.refused(
        Limit.CLIENT_TOKENS,
        seconds,
        "tokens of " + client + ": more than " + bound + " a minute with about " + tokens
            + " of this request (expected: one like it in " + seconds + " s)");
  }

  private static long seconds(long nanos) {
    return Math.max(1, Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1)));
  }

  private static long soon() {
    return ThreadLocalRandom.current().nextInt(1, MOST_SECONDS + 1);
  }
}
