package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Durations;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.upstream.DeadlineTimer;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one client connection: how long it may idle between requests, how long a body may
 * stand still or trickle, and how long an answer may wait for a client that takes none of it. While
 * nothing waits for the client the upstream's clock counts. The head of a request has its clock in
 * the codec.
 */
final class ClientTimeoutHandler extends ChannelDuplexHandler {

  private static final int REQUEST_TIMEOUT = 408;

  /** How often a stalled answer is looked at before it is given up. */
  private static final int LOOKS = 8;

  private final Limits limits;
  private final Duration look;
  private @Nullable DeadlineTimer timer;
  private boolean requestOpen;
  private boolean responseOpen;
  private long bodyStartNanos;
  private long bodyBytes;

  /** What of the answer was next to go to the socket, how far it had gone, and since when. */
  private @Nullable Object next;

  private long nextProgress;
  private long waitingBytes;
  private long writtenBytes;
  private long stalledSinceNanos;

  ClientTimeoutHandler(Limits limits) {
    this.limits = limits;
    this.look = limits.clientWrite().dividedBy(LOOKS);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer =
        new DeadlineTimer(
            ctx.executor(),
            Collections.min(List.of(limits.clientRequest(), limits.clientKeepAlive(), look)),
            () -> expired(ctx));
    move();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof HttpRequest) {
      requestOpen = true;
      responseOpen = true;
      bodyStartNanos = ctx.executor().ticker().nanoTime();
      bodyBytes = 0;
    }
    if (msg instanceof HttpContent content) {
      requestOpen = !(msg instanceof LastHttpContent);
      bodyBytes += content.content().readableBytes();
      if (requestOpen && trickles(ctx)) {
        ReferenceCountUtil.release(msg);
        return;
      }
    }
    move();
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    boolean informational =
        msg instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (msg instanceof HttpContent content) {
      writtenBytes += content.content().readableBytes();
    }
    if (msg instanceof LastHttpContent && !informational) {
      responseOpen = false;
      move();
    }
    ctx.write(msg, promise);
  }

  private void move() {
    if (timer != null) {
      timer.set(
          requestOpen
              ? limits.clientRequest()
              : responseOpen ? look : limits.clientKeepAlive());
    }
  }

  private void expired(ChannelHandlerContext ctx) {
    if (requestOpen) {
      refuse(ctx, "nothing came for " + Durations.text(limits.clientRequest()));
    } else if (isStalled(ctx)) {
      ctx.close();
    } else if (responseOpen) {
      move();
    } else if (next != null && timer != null) { // the end of the answer still waits
      timer.set(look);
    } else {
      ctx.close();
    }
  }

  /** A body may take its time, but then it must be large, or the client is not serious. */
  private boolean trickles(ChannelHandlerContext ctx) {
    long nanos = ctx.executor().ticker().nanoTime() - bodyStartNanos;
    long late = TimeUnit.NANOSECONDS.toSeconds(nanos - limits.clientRequest().toNanos());
    if (late <= 0 || bodyBytes >= late * limits.clientBodyRate()) {
      return false;
    }
    refuse(
        ctx,
        bodyBytes + " bytes in " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s (expected: "
            + limits.clientBodyRate() + " a second behind the first "
            + Durations.text(limits.clientRequest()) + ")");
    return true;
  }

  private void refuse(ChannelHandlerContext ctx, String why) {
    if (responseOpen) { // else it has been refused already
      ctx.fireExceptionCaught(
          new RequestException(ApiErrorType.TIMEOUT, REQUEST_TIMEOUT, "request body: " + why));
    }
    ctx.close();
  }

  /**
   * Whether the socket has taken nothing of what waits for it for so long. Netty keeps no count of
   * what was taken; but then the first of what waits is the same, as far gone as before, and no
   * less waits behind it.
   */
  @SuppressWarnings("ReferenceEquality") // the same buffer, not one with the same content
  private boolean isStalled(ChannelHandlerContext ctx) {
    ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
    if (waiting == null) {
      return isStreamStalled(ctx);
    }
    Object first = waiting.current();
    long progress = waiting.currentProgress();
    long bytes = waiting.totalPendingWriteBytes();
    long now = ctx.executor().ticker().nanoTime();
    boolean same = first != null && first == next && progress == nextProgress;
    if (!same || bytes < waitingBytes) {
      stalledSinceNanos = now;
    }
    next = first;
    nextProgress = progress;
    waitingBytes = bytes;
    return first != null && now - stalledSinceNanos >= limits.clientWrite().toNanos();
  }

  /** The same for a stream of HTTP/2, whose windows its client has to open. */
  private boolean isStreamStalled(ChannelHandlerContext ctx) {
    long bytes = AnswerBytesHandler.queued(ctx.channel());
    long taken = writtenBytes - bytes;
    long now = ctx.executor().ticker().nanoTime();
    if (next == null || taken > nextProgress) {
      stalledSinceNanos = now;
      nextProgress = taken;
    }
    next = bytes > 0 ? ctx.channel() : null;
    return next != null && now - stalledSinceNanos >= limits.clientWrite().toNanos();
  }
}
