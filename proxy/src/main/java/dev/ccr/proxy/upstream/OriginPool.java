package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one origin, and the requests that wait for one, the first to
 * come being served first. For that loop's thread, {@link ConnectionBudget.Member}'s methods
 * excepted.
 *
 * <p>How many connections are made for those who wait depends on what the origin spoke last: one
 * each for HTTP/1.1, one for as many as it takes streams for HTTP/2. Before that is known one
 * connection finds out, and the others wait for it.
 */
final class OriginPool implements ConnectionBudget.Member {

  private enum Protocol {
    UNKNOWN,
    HTTP_1,
    HTTP_2
  }

  /** A request without a connection. */
  private static final class Waiter {
    final Limits limits;
    final Promise<Channel> channel;
    @Nullable Future<?> deadline;

    Waiter(Limits limits, Promise<Channel> channel) {
      this.limits = limits;
      this.channel = channel;
    }
  }

  private final Origin origin;
  private final EventLoop loop;
  private final Transport transport;
  private final Connector connector;
  private final ConnectionBudget budget;
  private final Deque<Channel> idle = new ArrayDeque<>();
  private final List<Http2Upstream> multiplexed = new ArrayList<>();
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private final Deque<Waiter> wantNew = new ArrayDeque<>(); // those whom no used connection helps
  private Protocol protocol;
  private int streamsEach = Http2Upstream.MAX_STREAMS; // how many streams a connection took last
  private int connecting;
  private int open;
  private boolean serving;

  OriginPool(
      Origin origin,
      EventLoop loop,
      Transport transport,
      Connector connector,
      ConnectionBudget budget) {
    this.origin = origin;
    this.loop = loop;
    this.transport = transport;
    this.connector = connector;
    this.budget = budget;
    protocol = origin.tls() ? Protocol.UNKNOWN : Protocol.HTTP_1;
  }

  /** @param fresh whether nothing may have been asked on the connection yet */
  Future<Channel> acquire(Limits limits, boolean fresh) {
    if (!fresh && waiters.isEmpty()) {
      Channel ready = ready(limits);
      if (ready != null) {
        return loop.newSucceededFuture(ready);
      }
    }
    Waiter waiter = new Waiter(limits, loop.newPromise());
    (fresh ? wantNew : waiters).add(waiter);
    budget.waiting(1);
    waiter.channel.addListener(done -> served(waiter));
    connectMore();
    if (fresh && connecting < connectionsWanted()) {
      closeOneIdle(); // makes the place that is missing
    }
    if (!waiter.channel.isDone()) {
      awaitTurn(waiter);
    }
    return waiter.channel;
  }

  void release(Channel channel) {
    if (channel.parent() != null || !channel.isActive()) { // a stream carries one request
      channel.close();
      return;
    }
    UpstreamTimeoutHandler clock = channel.pipeline().get(UpstreamTimeoutHandler.class);
    if (waiters.isEmpty() && idle.size() >= clock.limits().idleUpstreamConnectionsPerOrigin()) {
      channel.close();
      return;
    }
    channel.config().setAutoRead(true);
    clock.put();
    UpstreamPool.markUsed(channel);
    idle.addFirst(channel);
    serveSoon(); // not at once: what the peer says behind its answer is nobody's answer
  }

  int idleConnections() {
    int count = idle.size();
    for (Http2Upstream connection : multiplexed) {
      count += connection.streams() == 0 ? 1 : 0;
    }
    return count;
  }

  int openConnections() {
    return open;
  }

  int waiting() {
    return waiters.size() + wantNew.size();
  }

  /** Gives up what it remembers of an origin that nobody uses; {@code false} if somebody does. */
  boolean leaveIfUnused() {
    boolean unused = open == 0 && connecting == 0 && waiting() == 0;
    if (unused) {
      budget.leave(origin, this);
    }
    return unused;
  }

  @Override
  public void granted() {
    onLoop(
        () -> {
          if (connecting < connectionsWanted()) {
            connect();
          } else {
            budget.give(origin);
          }
          connectMore();
        });
  }

  @Override
  public void yieldIdle() {
    onLoop(
        () -> {
          if (waiting() == 0) {
            closeOneIdle();
          }
        });
  }

  /** A stream or a connection that may be used now. */
  private @Nullable Channel ready(Limits limits) {
    for (Http2Upstream connection : List.copyOf(multiplexed)) { // a stale one leaves the list
      if (connection.hasRoom()) {
        if (connection.streams() == 0 && transport.hasHungUp(connection.channel())) {
          connection.drain();
          continue;
        }
        Channel stream = connection.open(limits);
        if (stream != null) {
          return stream;
        }
      }
    }
    for (Channel channel; (channel = idle.pollFirst()) != null; ) {
      UpstreamTimeoutHandler clock = channel.pipeline().get(UpstreamTimeoutHandler.class);
      if (channel.isActive() && clock.isPooled()) {
        if (!transport.hasHungUp(channel)) {
          clock.take(limits);
          return channel;
        }
        channel.close();
      }
    }
    return null;
  }

  private void serveSoon() {
    if (!serving && waiting() > 0) {
      serving = true;
      onLoop(
          () -> {
            serving = false;
            serve();
          });
    }
  }

  private void serve() {
    for (Waiter first; (first = waiters.peek()) != null; ) {
      Channel channel = ready(first.limits);
      if (channel == null) {
        break;
      }
      give(waiters.remove(), channel);
    }
    connectMore();
  }

  private void give(Waiter waiter, Channel channel) {
    if (!waiter.channel.trySuccess(channel)) {
      release(channel);
    }
  }

  private void served(Waiter waiter) {
    waiters.remove(waiter); // if he gave up
    wantNew.remove(waiter);
    budget.waiting(-1);
    if (waiter.deadline != null) {
      waiter.deadline.cancel(false);
    }
  }

  private void connectMore() {
    while (connecting < connectionsWanted() && budget.take(origin, this, max())) {
      connect();
    }
  }

  /** What the request that waits longest is allowed. */
  private int max() {
    Waiter first = wantNew.isEmpty() ? waiters.peek() : wantNew.peek();
    return first == null ? 0 : first.limits.upstreamConnectionsPerOrigin();
  }

  /** How many connections should be under way for those who wait. */
  private int connectionsWanted() {
    int some = wantNew.size();
    if (waiters.isEmpty()) {
      return some;
    }
    if (protocol == Protocol.HTTP_1) {
      return some + waiters.size();
    }
    int unsettled = 0; // these will have more room when the peer has said how much
    for (Http2Upstream connection : multiplexed) {
      if (connection.maxStreams() == 0) {
        return some; // the peer wants no requests for now, on whatever connection
      }
      unsettled += connection.isSettled() ? 0 : 1;
    }
    int needed =
        protocol == Protocol.UNKNOWN ? 1 : Math.ceilDiv(waiters.size(), streamsEach);
    return some + Math.max(0, needed - unsettled);
  }

  /** Makes a connection; its place is taken already. */
  private void connect() {
    Waiter first = wantNew.isEmpty() ? waiters.element() : wantNew.element();
    connecting++;
    connector
        .connect(origin, first.limits)
        .addListener(
            (Future<Channel> connected) -> {
              connecting--;
              if (connected.isSuccess()) {
                connected(connected.getNow());
              } else {
                failed(connected.cause());
              }
            });
  }

  private void connected(Channel channel) {
    open++;
    budget.opened();
    channel.closeFuture().addListener(closed -> forget(channel));
    Http2Upstream streams = origin.tls() ? Http2Upstream.of(channel) : null;
    Waiter first = wantNew.poll();
    if (streams != null) {
      protocol = Protocol.HTTP_2;
      multiplexed.addFirst(streams);
      streams.onChange(() -> changed(streams));
      Channel stream = first == null ? null : streams.open(first.limits);
      if (stream != null && first != null) {
        give(first, stream);
      } else if (first != null) {
        wantNew.addFirst(first);
      }
    } else {
      protocol = Protocol.HTTP_1;
      first = first == null ? waiters.poll() : first;
      if (first == null) {
        release(channel); // those who waited have found another
      } else {
        channel.pipeline().get(UpstreamTimeoutHandler.class).take(first.limits);
        give(first, channel);
      }
    }
    serve();
  }

  private void failed(Throwable cause) {
    budget.give(origin);
    List<Waiter> failing = new ArrayList<>();
    if (!wantNew.isEmpty()) {
      failing.add(wantNew.remove());
    } else if (protocol != Protocol.HTTP_1 && open == 0) {
      failing.addAll(waiters); // they waited for this one
      waiters.clear();
    } else if (!waiters.isEmpty()) {
      failing.add(waiters.remove());
    }
    for (Waiter waiter : failing) {
      waiter.channel.tryFailure(cause);
    }
    connectMore();
  }

  private void changed(Http2Upstream connection) {
    if (connection.isSettled()) {
      streamsEach = Math.max(1, connection.maxStreams());
    }
    serveSoon();
  }

  private void forget(Channel channel) {
    idle.remove(channel);
    multiplexed.removeIf(connection -> connection.channel().equals(channel));
    open--;
    budget.closed();
    budget.give(origin);
    connectMore();
  }

  private void closeOneIdle() {
    Channel oldest = idle.pollLast();
    if (oldest != null) {
      oldest.close();
      return;
    }
    for (Http2Upstream connection : multiplexed) {
      if (connection.streams() == 0) {
        connection.drain();
        return;
      }
    }
  }

  private void awaitTurn(Waiter waiter) {
    waiter.deadline =
        loop.schedule(
            () -> {
              if (isConnecting(waiter)) {
                awaitTurn(waiter); // the connection has a clock of its own
              } else {
                waiter.channel.tryFailure(noneFree(waiter.limits));
              }
            },
            waiter.limits.connect().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Whether a connection is being made for a request that waits. */
  private boolean isConnecting(Waiter waiter) {
    if (protocol != Protocol.HTTP_1 && waiters.contains(waiter)) {
      return connecting > wantNew.size();
    }
    int before = 0;
    for (Deque<Waiter> deque : List.of(wantNew, waiters)) {
      for (Iterator<Waiter> all = deque.iterator(); all.hasNext(); before++) {
        if (all.next() == waiter) {
          return before < connecting;
        }
      }
    }
    return false;
  }

  private UpstreamException noneFree(Limits limits) {
    return new UpstreamException(
        ApiErrorType.OVERLOADED,
        ApiErrorType.OVERLOADED.status(),
        "upstream " + origin + ": no free connection within " + limits.connect().toSeconds()
            + " s, " + budget.taken(origin) + " in use");
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closed) {
      // The router was closed, and all connections with it.
    }
  }
}
