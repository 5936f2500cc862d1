package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Durations;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.upstream.WaitingLine.Waiter;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

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

  private final Origin origin;
  private final EventLoop loop;
  private final Connector connector;
  private final ConnectionBudget budget;
  private final ReadyConnections ready;
  private final WaitingLine line = new WaitingLine();
  private Protocol protocol;
  private int streamsEach = Http2Upstream.MAX_STREAMS; // how many streams a connection took last
  private final List<Future<Channel>> making = new ArrayList<>();
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
    this.connector = connector;
    this.budget = budget;
    ready = new ReadyConnections(transport);
    protocol = origin.tls() ? Protocol.UNKNOWN : Protocol.HTTP_1;
  }

  /** @param fresh whether nothing may have been asked on the connection yet */
  Future<Channel> acquire(Limits limits, boolean fresh) {
    if (!fresh && line.any() == 0) {
      Channel channel = ready.take(limits);
      if (channel != null) {
        return loop.newSucceededFuture(channel);
      }
    }
    Waiter waiter = new Waiter(limits, loop.newPromise(), now());
    line.add(waiter, fresh);
    budget.waiting(1);
    waiter.channel.addListener(done -> served(waiter));
    connectMore();
    if (fresh && making.size() < connectionsWanted()) {
      ready.closeOneIdle(); // makes the place that is missing
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
    boolean placeWanted = line.any() == 0 && line.fresh() > making.size();
    if (placeWanted || isClaimed()) {
      channel.close();
      return;
    }
    ready.put(channel, line.any() > 0);
    serveSoon(); // not at once: what the peer says behind its answer is nobody's answer
  }

  int idleConnections() {
    return ready.idle();
  }

  int openConnections() {
    return open;
  }

  int waiting() {
    return line.size();
  }

  /** Gives up what it remembers of an origin that nobody uses; {@code false} if somebody does. */
  boolean leaveIfUnused() {
    boolean unused = open == 0 && making.isEmpty() && waiting() == 0;
    if (unused) {
      budget.leave(origin, this);
    }
    return unused;
  }

  @Override
  public void granted() {
    onLoop(
        () -> {
          if (making.size() < connectionsWanted()) {
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
            ready.closeOneIdle();
          }
        });
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
    for (Waiter first; (first = line.firstOfAny()) != null; ) {
      Channel channel = ready.take(first.limits);
      if (channel == null) {
        break;
      }
      give(first, channel);
    }
    connectMore();
  }

  private void give(Waiter waiter, Channel channel) {
    line.remove(waiter);
    if (!waiter.channel.trySuccess(channel)) {
      release(channel);
    }
  }

  private void served(Waiter waiter) {
    line.remove(waiter); // if he gave up
    budget.waiting(-1);
    if (waiter.deadline != null) {
      waiter.deadline.cancel(false);
    }
    if (waiter.channel.isCancelled()) {
      giveUpUnwanted();
    }
  }

  /** Who has left takes the connection along that was being made for him alone. */
  private void giveUpUnwanted() {
    int unwanted = making.size() - connectionsWanted();
    for (Future<Channel> each : List.copyOf(making).reversed()) { // cancelling takes it out
      if (unwanted > 0 && each.cancel(false)) {
        unwanted--;
      }
    }
  }

  private void connectMore() {
    for (Waiter first;
        making.size() < connectionsWanted()
            && (first = line.first()) != null
            && budget.take(
                origin, this, now(), first.limits.upstreamConnectionsPerOrigin()); ) {
      connect();
    }
  }

  /** How many connections should be under way for those who wait. */
  private int connectionsWanted() {
    int forAny =
        switch (protocol) {
          case HTTP_1 -> line.any();
          case UNKNOWN -> Math.min(1, line.any());
          case HTTP_2 ->
              ready.isPaused()
                  ? 0
                  : Math.max(0, Math.ceilDiv(line.any(), streamsEach) - ready.unsettled());
        };
    return line.fresh() + forAny;
  }

  /** Makes a connection for the first who waits; its place is taken already. */
  private void connect() {
    Waiter first = line.first();
    if (first == null) {
      throw new IllegalStateException("nobody waits");
    }
    Future<Channel> connection = connector.connect(origin, first.limits);
    making.add(connection);
    connection.addListener(
        (Future<Channel> connected) -> {
          making.remove(connected);
          if (connected.isSuccess()) {
            connected(connected.getNow());
          } else if (connected.isCancelled()) {
            budget.give(origin);
            connectMore();
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
    if (streams != null) {
      multiplex(streams);
    } else {
      protocol = Protocol.HTTP_1;
      Waiter first = line.first();
      if (first == null) {
        release(channel); // those who waited have found another, or left
      } else {
        channel.pipeline().get(UpstreamTimeoutHandler.class).take(first.limits);
        give(first, channel);
      }
    }
    serve();
  }

  private void multiplex(Http2Upstream streams) {
    protocol = Protocol.HTTP_2;
    ready.add(streams);
    streams.onChange(
        () -> {
          if (streams.isSettled()) {
            streamsEach = Math.max(1, streams.maxStreams());
          }
          if (isClaimed()) {
            onLoop(() -> yieldUnused(streams));
          }
          serveSoon();
        });
    Waiter first = line.firstOfFresh();
    Channel stream = first == null ? null : streams.open(first.limits);
    if (first != null && stream != null) {
      give(first, stream);
    }
  }

  private void yieldUnused(Http2Upstream streams) {
    if (streams.streams() == 0 && isClaimed()) {
      streams.drain();
    }
  }

  /** Whether another loop waits for a connection to be closed here. */
  private boolean isClaimed() {
    Waiter first = line.firstOfAny();
    return budget.isClaimed(origin, this, first == null ? null : first.since);
  }

  private long now() {
    return loop.ticker().nanoTime();
  }

  private void failed(Throwable cause) {
    budget.give(origin);
    for (Waiter waiter : line.takeThoseWhoFail(protocol != Protocol.HTTP_1 && open == 0)) {
      waiter.channel.tryFailure(cause);
    }
    connectMore();
  }

  private void forget(Channel channel) {
    ready.remove(channel);
    open--;
    budget.closed();
    budget.give(origin);
    connectMore();
  }

  private void awaitTurn(Waiter waiter) {
    waiter.deadline =
        loop.schedule(
            () -> {
              if (line.isServedBy(making.size(), waiter, protocol != Protocol.HTTP_1)) {
                awaitTurn(waiter); // the connection has a clock of its own
              } else {
                waiter.channel.tryFailure(noneFree(waiter.limits));
              }
            },
            waiter.limits.connect().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private UpstreamException noneFree(Limits limits) {
    return new UpstreamException(
        ApiErrorType.OVERLOADED,
        ApiErrorType.OVERLOADED.status(),
        "upstream " + origin + ": no free connection within " + Durations.text(limits.connect())
            + ", " + budget.taken(origin) + " in use");
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closed) {
      // The router was closed, and all connections with it.
    }
  }
}
