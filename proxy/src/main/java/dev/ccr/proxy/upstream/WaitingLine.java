package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a connection to one origin, the first to come in front. Those that no
 * used connection helps stand in a line of their own, and get the connections that are made first.
 * For one event loop's thread.
 */
final class WaitingLine {

  /** A request without a connection. */
  static final class Waiter {
    final Limits limits;
    final Promise<Channel> channel;
    final long since;
    @Nullable Future<?> deadline;

    /** @param since of the loop's clock, in nanoseconds */
    Waiter(Limits limits, Promise<Channel> channel, long since) {
      this.limits = limits;
      this.since = since;
      this.channel = channel;
    }
  }

  private final Deque<Waiter> any = new ArrayDeque<>();
  private final Deque<Waiter> fresh = new ArrayDeque<>();

  void add(Waiter waiter, boolean wantsFresh) {
    (wantsFresh ? fresh : any).add(waiter);
  }

  /** For one who may be in line yet or not. */
  void remove(Waiter waiter) {
    any.remove(waiter);
    fresh.remove(waiter);
  }

  /** How many take any connection. */
  int any() {
    return any.size();
  }

  /** How many need a connection that was never used. */
  int fresh() {
    return fresh.size();
  }

  int size() {
    return any.size() + fresh.size();
  }

  /** Who gets the next connection that is made. */
  @Nullable Waiter first() {
    return fresh.isEmpty() ? any.peek() : fresh.peek();
  }

  /** Who gets the next connection that is free. */
  @Nullable Waiter firstOfAny() {
    return any.peek();
  }

  @Nullable Waiter firstOfFresh() {
    return fresh.peek();
  }

  /**
   * Takes out those for whom a connection that could not be made was meant.
   *
   * @param shared whether it was meant for all who take any
   */
  List<Waiter> takeThoseWhoFail(boolean shared) {
    List<Waiter> failing = new ArrayList<>();
    Waiter first = first();
    if (shared && fresh.isEmpty()) {
      failing.addAll(any);
      any.clear();
    } else if (first != null) {
      failing.add(first);
      remove(first);
    }
    return failing;
  }

  /**
   * Whether one of so many connections under way will be a waiter's.
   *
   * @param shared whether one serves all who take any
   */
  boolean isServedBy(int connecting, Waiter waiter, boolean shared) {
    int before = 0;
    for (Waiter other : fresh) {
      if (other.equals(waiter)) {
        return before < connecting;
      }
      before++;
    }
    for (Waiter other : any) {
      if (shared || other.equals(waiter)) {
        return before < connecting;
      }
      before++;
    }
    return false;
  }
}
