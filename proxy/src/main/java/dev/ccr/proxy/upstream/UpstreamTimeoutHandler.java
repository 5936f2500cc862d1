package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one upstream connection: how long it may idle in the pool, how long a request may
 * take to leave, and how long an answer's first byte, a silence inside the answer and, if that is
 * bounded, all of the answer may take. What takes too long is failed with an {@link
 * UpstreamException}; the silence of an upstream that is not being read, since the client is slow,
 * does not count.
 */
final class UpstreamTimeoutHandler extends ChannelDuplexHandler {

  private enum Phase {
    /** In the pool; nothing may be read. */
    POOLED,
    /** In the pool too long, or something was read there: it is being closed. */
    GONE,
    /** Connecting, or taken from the pool: the request is still to come. */
    READY,
    /** The request has been given to the connection, which has not taken all of it yet. */
    REQUEST,
    /** All of the request has left, its answer has not begun. */
    FIRST_BYTE,
    BODY
  }

  private final Origin origin;
  private Limits limits;
  private @Nullable ChannelHandlerContext context;
  private @Nullable DeadlineTimer timer;

  /** Pending if the exchange as a whole is bounded. */
  private @Nullable Future<?> total;

  private Phase phase = Phase.READY;
  private final GenericFutureListener<Future<Void>> written = done -> requestWritten();

  /** What is being read is a 1xx: neither its head nor its end is the answer's first byte. */
  private boolean interim;

  UpstreamTimeoutHandler(Origin origin, Limits limits) {
    this.origin = origin;
    this.limits = limits;
  }

  /** Those of the request that has or had the connection. */
  Limits limits() {
    return limits;
  }

  /** Whether the connection may be taken out of the pool. */
  boolean isPooled() {
    return phase == Phase.POOLED;
  }

  /** The connection goes into the pool. */
  void put() {
    cancelTotal();
    enter(Phase.POOLED, limits.upstreamKeepAlive());
  }

  /** The connection leaves the pool, for a request with limits of its own. */
  void take(Limits next) {
    if (timer != null && context != null && !next.equals(limits)) {
      limits = next;
      timer.cancel();
      timer = timer(context);
    }
    enter(Phase.READY, limits.firstByte());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    timer = timer(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    cancelTotal();
    if (timer != null) {
      timer.cancel();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof LastHttpContent) {
      enter(Phase.REQUEST, limits.firstByte());
      boundTotal(ctx);
      ctx.write(msg, promise.unvoid().addListener(written));
      return;
    }
    ctx.write(msg, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (phase == Phase.POOLED || phase == Phase.GONE) { // an answer nobody asked for
      ReferenceCountUtil.release(msg);
      leavePool(ctx);
      return;
    }
    if (msg instanceof HttpResponse response) {
      interim = response.status().code() < 200;
    }
    if (!interim) {
      enter(Phase.BODY, limits.streamIdle());
    }
    ctx.fireChannelRead(msg);
  }

  /** A large request may take its time; the answer may have begun meanwhile. */
  private void requestWritten() {
    if (phase == Phase.REQUEST) {
      enter(Phase.FIRST_BYTE, limits.firstByte());
    }
  }

  private DeadlineTimer timer(ChannelHandlerContext ctx) {
    Duration shortest =
        Collections.min(
            List.of(limits.upstreamKeepAlive(), limits.firstByte(), limits.streamIdle()));
    return new DeadlineTimer(ctx.executor(), shortest, () -> expired(ctx));
  }

  private void boundTotal(ChannelHandlerContext ctx) {
    Duration bound = limits.total();
    if (!bound.isZero()) {
      cancelTotal();
      total =
          ctx.executor()
              .schedule(
                  () -> fail(ctx, Clock.TOTAL, bound),
                  bound.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  private void cancelTotal() {
    if (total != null) {
      total.cancel(false);
      total = null;
    }
  }

  private void enter(Phase next, Duration time) {
    phase = next;
    if (timer != null) {
      timer.set(time);
    }
  }

  private void expired(ChannelHandlerContext ctx) {
    switch (phase) {
      case POOLED -> leavePool(ctx);
      case GONE, READY -> {} // whoever connects has a clock of his own
      case REQUEST -> fail(ctx, Clock.REQUEST, limits.firstByte());
      case FIRST_BYTE -> fail(ctx, Clock.FIRST_BYTE, limits.firstByte());
      case BODY -> {
        if (ctx.channel().config().isAutoRead()) {
          fail(ctx, Clock.SILENCE, limits.streamIdle());
        } else {
          enter(Phase.BODY, limits.streamIdle());
        }
      }
    }
  }

  /** Closing takes as long as TLS needs to say so: meanwhile nobody may take the connection. */
  private void leavePool(ChannelHandlerContext ctx) {
    phase = Phase.GONE;
    ctx.close();
  }

  private void fail(ChannelHandlerContext ctx, Clock clock, Duration time) {
    ctx.fireExceptionCaught(clock.expired("upstream " + origin, time));
    ctx.close();
  }
}
