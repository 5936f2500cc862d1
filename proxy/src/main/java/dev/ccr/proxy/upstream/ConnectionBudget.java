package dev.ccr.proxy.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many connections the pools of all event loops have to each origin. A place that becomes free
 * goes to the pool that has waited longest; a pool that waits takes what idles in others. Made to be
 * shared by threads: connections are made and closed seldom enough for a lock.
 */
public final class ConnectionBudget {

  /** Whoever makes connections to one origin on one event loop. Called on any thread. */
  interface Member {

    /** A place is the member's, who gives it back if he no longer needs it. */
    void granted();

    /** Another member waits: an idle connection is to be closed if there is one. */
    void yieldIdle();
  }

  /** @param since when it began to wait, in nanoseconds of the loops' clock */
  private record Claim(Member member, long since) {}

  private static final class Share {
    int taken;
    final Deque<Claim> waiting = new ArrayDeque<>();
    final Set<Member> members = new LinkedHashSet<>();
  }

  private final Map<Origin, Share> shares = new HashMap<>();
  private volatile int claims; // of all origins; written under the lock
  private final LongAdder opened = new LongAdder();
  private final LongAdder open = new LongAdder();
  private final LongAdder waiting = new LongAdder();

  /**
   * Takes a place for one connection.
   *
   * @param now of the loops' clock, in nanoseconds
   * @param max how many connections there may be to this origin
   * @return whether there was one; else {@link Member#granted} says so later
   */
  boolean take(Origin origin, Member member, long now, int max) {
    List<Member> granted = new ArrayList<>();
    List<Member> others = List.of();
    boolean taken;
    synchronized (this) {
      Share share = shares.computeIfAbsent(origin, o -> new Share());
      share.members.add(member);
      while (share.taken < max && !share.waiting.isEmpty()) { // the limit may have been raised
        granted.add(share.waiting.remove().member);
        share.taken++;
        claims--;
      }
      taken = share.taken < max;
      if (taken) {
        share.taken++;
      } else {
        if (share.waiting.stream().noneMatch(claim -> claim.member.equals(member))) {
          share.waiting.add(new Claim(member, now));
          claims++;
          others = new ArrayList<>(share.members);
          others.remove(member);
        }
      }
    }
    granted.forEach(Member::granted);
    others.forEach(Member::yieldIdle);
    return taken;
  }

  /** Gives a place back: the connection is closed, or was never made. */
  void give(Origin origin) {
    Claim next;
    synchronized (this) {
      Share share = shares.get(origin);
      if (share == null) {
        throw new IllegalStateException("nothing taken");
      }
      next = share.waiting.poll();
      if (next == null) {
        share.taken--;
      } else {
        claims--;
      }
    }
    if (next != null) {
      next.member.granted();
    }
  }

  /**
   * Whether another member has waited longer for a place than somebody of this one's, so that a
   * connection that becomes free here should be closed for it. Costs no lock while nobody waits.
   *
   * @param since when that somebody began to wait, {@code null} if there is nobody
   */
  boolean isClaimed(Origin origin, Member member, @Nullable Long since) {
    if (claims == 0) {
      return false;
    }
    synchronized (this) {
      Share share = shares.get(origin);
      Claim first = share == null ? null : share.waiting.peek();
      return first != null
          && !first.member.equals(member)
          && (since == null || first.since - since < 0);
    }
  }

  /** A connection stands; its place was taken before, and is given back when it has closed. */
  void opened() {
    opened.increment();
    open.increment();
  }

  /** A connection has closed. */
  void closed() {
    open.decrement();
  }

  /** So many more requests wait for a connection, or fewer. */
  void waiting(int more) {
    waiting.add(more);
  }

  /** Connections to all origins, idle or in use. */
  public long openConnections() {
    return open.sum();
  }

  /** Connections made so far. */
  public long openedConnections() {
    return opened.sum();
  }

  /** Requests that wait for a connection. */
  public long waitingRequests() {
    return waiting.sum();
  }

  /** Forgets a member that has nothing taken and waits for nothing. */
  synchronized void leave(Origin origin, Member member) {
    Share share = shares.get(origin);
    if (share != null) {
      share.members.remove(member);
      if (share.members.isEmpty() && share.taken == 0) {
        shares.remove(origin);
      }
    }
  }

  /** Connections to an origin that stand or are being made. */
  synchronized int taken(Origin origin) {
    Share share = shares.get(origin);
    return share == null ? 0 : share.taken;
  }
}
