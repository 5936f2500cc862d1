package dev.ccr.cli.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Who uses a service. One that a {@code ccr code} began ends with its last lease, or if nobody
 * takes one at all: then whoever began it has died on the way. For any thread.
 */
final class Leases {

  /** One that is held. */
  interface Lease {
    /** Tells its holder something, a line; a holder that is gone does not matter. */
    void tell(String line);
  }

  private final Map<Lease, Long> held = new LinkedHashMap<>(); // and the processes, once known
  private final Runnable ended;
  private boolean endsWithLast;
  private boolean closed;

  /** @param ended runs once, when the service has lost its purpose */
  Leases(Origin origin, Runnable ended) {
    this.ended = ended;
    this.endsWithLast = origin == Origin.CODE;
  }

  /** Ends the service if nobody has taken a lease by then. */
  void expectFirst(long patienceMillis) {
    CompletableFuture.delayedExecutor(patienceMillis, TimeUnit.MILLISECONDS)
        .execute(this::endIfUnused);
  }

  /** Takes one; false if the service is about to end. */
  boolean take(Lease lease) {
    synchronized (this) {
      if (closed) {
        return false;
      }
      held.put(lease, 0L);
      return true;
    }
  }

  /** Names the process that uses the service by a lease. */
  synchronized void usedBy(Lease lease, long pid) {
    held.computeIfPresent(lease, (same, unknown) -> pid);
  }

  /** The processes that use it, as far as they are known. */
  synchronized List<Long> users() {
    return held.values().stream().filter(pid -> pid != 0).toList();
  }

  /** Gives one back. */
  void giveBack(Lease lease) {
    synchronized (this) {
      held.remove(lease);
    }
    endIfUnused();
  }

  /** From now on the service stays until it is told to end; false if it is about to. */
  synchronized boolean keep() {
    endsWithLast = false;
    return !closed;
  }

  synchronized boolean endsWithLast() {
    return endsWithLast;
  }

  synchronized int count() {
    return held.size();
  }

  /** No more leases; tells the holders why. */
  void close(String why) {
    List<Lease> holders;
    synchronized (this) {
      closed = true;
      holders = List.copyOf(held.keySet());
    }
    holders.forEach(lease -> lease.tell(why));
  }

  private void endIfUnused() {
    synchronized (this) {
      if (closed || !endsWithLast || !held.isEmpty()) {
        return;
      }
      closed = true;
    }
    ended.run();
  }
}
