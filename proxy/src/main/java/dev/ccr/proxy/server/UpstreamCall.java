package dev.ccr.proxy.server;

import dev.ccr.proxy.attempt.AttemptPlan;
import dev.ccr.proxy.attempt.AttemptPlan.Step;
import dev.ccr.proxy.attempt.Fault;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.provider.Translation;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is asked of upstreams for one exchange, from the wait for a connection to the end of the
 * answer: one attempt or several, as the plan says. It keeps the client's body as long as there may
 * be another attempt. Everything happens on the client's event loop.
 */
final class UpstreamCall implements AttemptListener {

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamCall.class);

  private final Channel client;
  private final Exchange exchange;
  private final UpstreamPool pool;
  private final Runnable whenOver;
  private final List<Route> chain;
  private final AttemptPlan plan;
  private Target target;
  private int current; // of the chain
  private @Nullable RelayHandler relay;
  private @Nullable Channel upstream;
  private @Nullable Future<Channel> connecting;
  private @Nullable FullHttpRequest waiting;
  private @Nullable Future<?> pause;
  private boolean written;
  private boolean holdsBody = true;
  private boolean cancelled;

  /**
   * @param exchange taken
   * @param whenOver called once nothing is left that could be cancelled, unless it was
   */
  UpstreamCall(Channel client, Exchange exchange, UpstreamPool pool, Runnable whenOver) {
    this.client = client;
    this.exchange = exchange;
    this.pool = pool;
    this.whenOver = whenOver;
    exchange.holdStatus(true);
    Snapshot snapshot = exchange.snapshot();
    List<Route> others = others(exchange);
    target = snapshot.target(exchange.route().provider());
    if (others.isEmpty()) {
      chain = List.of(exchange.route());
      plan = new AttemptPlan(snapshot.config().retry(), List.of(target.health()));
    } else {
      chain = new ArrayList<>(others);
      chain.addFirst(exchange.route());
      plan =
          new AttemptPlan(
              snapshot.config().retry(),
              chain.stream().map(each -> snapshot.target(each.provider()).health()).toList());
    }
  }

  /**
   * Makes the first attempt.
   *
   * @throws Failure if there is none: the request cannot be said, or nobody is there to answer
   */
  void start() throws Failure {
    FullHttpRequest request;
    Step step = plan.begin(now());
    try {
      if (step == Step.NONE) {
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(plan.delayNanos()));
        throw UpstreamException.down(
            "upstream " + target.origin() + ": it failed too often, and is tried again in "
                + seconds + " s",
            seconds);
      }
      request = encoded();
    } catch (Failure | RuntimeException e) {
      letGo();
      over();
      throw e;
    }
    send(request, step);
  }

  /** The client has left: nobody waits for the answer any more. */
  void cancel() {
    cancelled = true;
    letGo();
    if (pause != null) {
      pause.cancel(false);
    }
    if (waiting != null && connecting != null) {
      waiting.release(); // it may be large, and a connection may take long
      waiting = null;
      connecting.cancel(false);
    }
    if (relay != null && upstream != null) {
      relay.cancel(upstream);
    }
  }

  /** The router ends: completes what is complete, and gives up the rest. */
  void cutShort() {
    if (relay != null && upstream != null) {
      relay.cutShort(upstream);
    }
    cancel();
  }

  /** Reads the upstream or lets it wait. */
  void readUpstream(boolean read) {
    if (relay != null && !relay.isOver() && upstream != null) {
      upstream.config().setAutoRead(read);
    }
  }

  @Override
  public boolean refused(HttpResponse head) {
    return goOn(Headers.fault(head));
  }

  @Override
  public void failed(Throwable cause, boolean stale) {
    boolean goesOn;
    if (!(cause instanceof Failure failure)) {
      goesOn = false; // a bug
    } else if (holdsBody
        && ((stale && upstream != null && UpstreamPool.wasUsed(upstream))
            || (failure instanceof UpstreamException refusal && refusal.isUnprocessed()))) {
      goesOn = goOn(Fault.of(Fault.Kind.STALE));
    } else if (failure.type() == ApiErrorType.TIMEOUT) {
      goesOn = goOn(Fault.of(Fault.Kind.TIMEOUT));
    } else if (failure.status() == 502) {
      goesOn = goOn(Fault.of(Fault.Kind.LOST));
    } else {
      goesOn = goOn(Fault.status(failure.status())); // an error inside an answer
    }
    giveUpUnless(goesOn, cause);
  }

  @Override
  public void committed() {
    plan.succeeded();
    letGo();
  }

  @Override
  public void over() {
    whenOver.run();
  }

  /** Whether another attempt is made. */
  private boolean goOn(Fault fault) {
    FullHttpRequest request = null;
    Step step = cancelled ? Step.NONE : plan.next(fault, now());
    while (request == null && step != Step.NONE && step != Step.RETRY) {
      try {
        request = encoded();
      } catch (RequestException unsayable) { // this one has no words for it; the next may
        step = plan.fallBack(now());
      }
    }
    if (step == Step.NONE) {
      letGo();
      return false;
    }
    LOG.info(
        "{}: attempt {} failed: {} {}; next: {} {}",
        exchange.log().requestId(),
        exchange.log().attempts(),
        fault.kind(),
        fault.status(),
        step.label(),
        chain.get(plan.target()).provider().name());
    relay = null;
    upstream = null;
    exchange.log().dropped();
    if (request == null) {
      pause = client.eventLoop().schedule(this::retry, plan.delayNanos(), TimeUnit.NANOSECONDS);
    } else {
      send(request, step);
    }
    return true;
  }

  private void retry() {
    pause = null;
    plan.resume(now());
    try {
      send(encoded(), Step.RETRY);
    } catch (RequestException | RuntimeException e) {
      giveUpUnless(false, e);
    }
  }

  private void giveUpUnless(boolean goesOn, Throwable cause) {
    if (!goesOn) {
      letGo();
      over();
      client.pipeline().fireExceptionCaught(cause);
    }
  }

  /** Says the request to the plan's target, which is then the exchange's. */
  private FullHttpRequest encoded() throws RequestException {
    Route route = chain.get(plan.target());
    Target next = exchange.snapshot().target(route.provider());
    Translation translation =
        next.codec()
            .open(
                exchange.facts(),
                route.model(),
                next.provider().provider().maxOutputTokens(route.model()));
    FullHttpRequest request =
        UpstreamRequest.of(
            exchange,
            next,
            plan.secret(),
            translation,
            next.pathWith(RequestPath.query(exchange.head().uri())),
            client.alloc());
    exchange.translation(translation);
    target = next;
    return request;
  }

  /** @param request taken */
  private void send(FullHttpRequest request, Step step) {
    if (plan.target() != current) {
      current = plan.target();
      exchange.reroute(chain.get(current));
    }
    exchange.log().attempt(step.label());
    if (LOG.isDebugEnabled()) {
      tell(request);
    }
    written = false;
    waiting = request;
    connecting =
        step == Step.SECOND
            ? pool.acquireNew(target.origin(), exchange.snapshot().config().limits())
            : pool.acquire(target.origin(), exchange.snapshot().config().limits());
    connecting.addListener((Future<Channel> connected) -> connected(connected));
  }

  private void connected(Future<Channel> connected) {
    FullHttpRequest request = waiting;
    waiting = null;
    if (request == null) { // cancelled
      if (connected.isSuccess()) {
        pool.release(target.origin(), connected.getNow());
      }
    } else if (connected.isSuccess()) {
      write(connected.getNow(), request);
    } else {
      request.release();
      boolean crowded =
          connected.cause() instanceof Failure failure
              && failure.type() == ApiErrorType.OVERLOADED;
      Fault fault = Fault.of(crowded ? Fault.Kind.CROWDED : Fault.Kind.UNREACHABLE);
      giveUpUnless(goOn(fault), connected.cause());
    }
  }

  private void write(Channel channel, FullHttpRequest request) {
    RelayHandler handler = new RelayHandler(client, exchange, target, pool, this);
    upstream = channel;
    relay = handler;
    boolean used = UpstreamPool.wasUsed(channel);
    exchange.holdStatus(plan.hasMore()); // who waits for a second try may have comments meanwhile
    if (!used && !plan.hasMore()) {
      letGo(); // the request holds what it needs of the body
    }
    channel.pipeline().addLast(handler);
    channel.config().setAutoRead(client.isWritable());
    channel
        .writeAndFlush(request)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                channel.pipeline().fireExceptionCaught(sent.cause());
                return;
              }
              handler.requestWritten(used);
              if (relay == handler) {
                written = true;
                tellBodySent();
              }
            });
  }

  private void letGo() {
    if (holdsBody) {
      holdsBody = false;
      exchange.holdStatus(false);
      exchange.release();
      tellBodySent();
    }
  }

  private void tellBodySent() {
    if (written && !holdsBody && !cancelled && relay != null && !relay.isOver()) {
      exchange.log().bodySent();
    }
  }

  /** Who stands in for whoever was chosen, as far as the client may use them. */
  private static List<Route> others(Exchange exchange) {
    List<Route> others = exchange.snapshot().router().fallback(exchange.route());
    Client asks = exchange.log().client();
    return asks == null || others.isEmpty()
        ? others
        : others.stream()
            .filter(each -> asks.allows(each.provider().name(), each.model()))
            .toList();
  }

  private long now() {
    return client.eventLoop().ticker().nanoTime();
  }

  /** The path without its query, which may hold a key; of headers the names. */
  private void tell(FullHttpRequest request) {
    LOG.debug(
        "{}: {} {}{}, {} bytes of {} {}, headers {}",
        exchange.log().requestId(),
        request.method(),
        target.origin(),
        RequestPath.path(request.uri()),
        request.content().readableBytes(),
        exchange.log().bytesIn(),
        target.codec().speaksClaude() ? "as they came" : "translated",
        request.headers().names());
  }
}
