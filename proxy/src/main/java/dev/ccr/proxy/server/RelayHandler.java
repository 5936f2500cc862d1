package dev.ccr.proxy.server;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one upstream answer to the client. One per attempt; both channels share an event loop,
 * so the fields need no synchronisation. When the answer is complete the handler leaves the
 * pipeline, and the connection goes back to its pool.
 */
final class RelayHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(RelayHandler.class);

  /** What is read of an upstream that goes on after its answer is complete, in bytes. */
  private static final int MAX_TRAILING_BYTES = 65_536;

  /** How long an error may take that nobody is given, in milliseconds. */
  private static final long MAX_TRAILING_MILLIS = 1_000;

  /** RFC 9110, section 15: others are no statuses, and clients cannot read them. */
  private static final int MAX_STATUS = 599;

  private enum State {
    /** The answer has not begun. */
    HEAD,
    /** A 1xx has come; its end is not the answer's. */
    INFORMATIONAL,
    /** The body goes to the client, as it is or translated. */
    BODY,
    /** Nobody waits for the rest of the upstream's body: reading it saves the connection. */
    TRAILING,
    OVER
  }

  private final Channel client;
  private final Exchange exchange;
  private final Target target;
  private final UpstreamPool pool;
  private final AttemptListener attempt;
  private State state = State.HEAD;
  private @Nullable AnswerRelay answer;
  private boolean committed;
  private boolean heard; // something of an answer, and be it a 1xx
  private boolean reusable;
  private boolean requestWritten;
  private int trailingBytes;

  RelayHandler(
      Channel client,
      Exchange exchange,
      Target target,
      UpstreamPool pool,
      AttemptListener attempt) {
    this.attempt = attempt;
    this.client = client;
    this.exchange = exchange;
    this.target = target;
    this.pool = pool;
  }

  /** Whether the client waits for nothing more. */
  boolean isOver() {
    return state == State.TRAILING || state == State.OVER;
  }

  /**
   * All of the request has left: an answer to half of it would leave the connection unusable.
   *
   * @param pooled whether the connection was there already
   */
  void requestWritten(boolean pooled) {
    requestWritten = true;
    if (!isOver()) { // else the log may be the next request's
      exchange.log().requestWritten(client.eventLoop().ticker().nanoTime(), pooled);
    }
  }

  /** The client has left. */
  void cancel(Channel upstream) {
    if (!isOver()) {
      over();
      upstream.close();
    }
  }

  /** The router ends: an answer that has come to its finish is complete, any other is given up. */
  void cutShort(Channel upstream) {
    if (state == State.BODY && !isRaw()) {
      try {
        finish(false);
        client.flush();
      } catch (Failure unfinished) {
        LOG.debug("{}: cut short", exchange.log().requestId());
      }
    }
    cancel(upstream);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (state != State.OVER) { // else it was read together with what ended the exchange
        read(ctx, msg);
      }
    } catch (Failure failure) {
      fail(ctx, failure);
    } finally {
      ReferenceCountUtil.release(msg); // taken from the pipeline
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    write();
    exchange.flush(client); // once per burst, not per event
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    try {
      switch (state) {
        case HEAD, INFORMATIONAL ->
            throw target.broken("it closed the connection without an answer");
        case BODY -> {
          if (isRaw()) {
            throw target.broken("it closed the connection inside its answer");
          }
          finish(false);
        }
        case TRAILING, OVER -> {}
      }
      over();
    } catch (Failure failure) {
      fail(ctx, failure);
    }
    client.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException && state == State.BODY && !isRaw()) {
      ctx.close(); // a reset may come after the finish: channelInactive knows whether it did
    } else if (cause instanceof IOException || cause instanceof DecoderException) {
      heard |= cause instanceof DecoderException;
      breakOff(ctx, target.broken(cause.getClass().getSimpleName()));
    } else if (cause instanceof UpstreamException late) {
      heard = true; // a failure in time
      breakOff(ctx, late);
    } else {
      heard = true; // a bug
      fail(ctx, cause);
    }
  }

  private void read(ChannelHandlerContext ctx, Object msg) throws Failure {
    heard = true;
    if (!isOver() && exchange.log().awaitsFirstEvent()) {
      exchange.log().upstreamRead(ctx.executor().ticker().nanoTime());
    }
    if (msg instanceof HttpObject part && part.decoderResult().isFailure()) {
      breakOff(ctx, target.broken("its answer is not HTTP/1.1"));
      return;
    }
    if (msg instanceof HttpResponse head && state == State.HEAD) {
      begin(ctx, head);
    }
    if (msg instanceof HttpContent content) {
      relay(ctx, content.content());
      if (msg instanceof LastHttpContent && state != State.OVER) {
        end(ctx);
      }
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpResponse head) throws UpstreamException {
    int status = head.status().code();
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "{}: upstream answers {}, headers {}",
          exchange.log().requestId(),
          status,
          HeaderText.line(String.valueOf(head.headers().names())));
    }
    if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      state = State.INFORMATIONAL;
      return;
    }
    if (status > MAX_STATUS) {
      throw target.broken("it answered " + status + " (expected: a status up to " + MAX_STATUS + ")");
    }
    for (String coding : head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING)) {
      if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
        throw target.broken("it answered in a transfer encoding (expected: none but chunked)");
      }
    }
    exchange.log().upstreamStatus(status);
    if (head.status().codeClass() == HttpStatusClass.REDIRECTION) {
      throw target.broken("it answered " + status + ", and redirects are not followed");
    }
    reusable = HttpUtil.isKeepAlive(head);
    if (head.status().codeClass() == HttpStatusClass.SUCCESS) {
      state = State.BODY;
      answer = AnswerRelay.transcoding(client, exchange, target, head);
    } else if (attempt.refused(head)) {
      trail(ctx);
      ctx.executor()
          .schedule(() -> endTrailing(ctx), MAX_TRAILING_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      state = State.BODY;
      exchange.log().outcome(RequestLog.UPSTREAM_ERROR, "");
      answer = AnswerRelay.raw(client, exchange, target, head);
    }
  }

  private void relay(ChannelHandlerContext ctx, ByteBuf in) throws Failure {
    AnswerRelay current = answer;
    if (state == State.TRAILING) {
      trailingBytes += in.readableBytes();
      if (trailingBytes > MAX_TRAILING_BYTES) {
        endTrailing(ctx);
      }
    } else if (state == State.BODY && current != null) {
      if (current.add(in)) {
        commit(current);
        attempt.over();
        trail(ctx);
      }
    }
  }

  private void trail(ChannelHandlerContext ctx) {
    state = State.TRAILING;
    ctx.channel().config().setAutoRead(true); // nothing of it goes to a client that may be slow
  }

  private void endTrailing(ChannelHandlerContext ctx) {
    if (state == State.TRAILING) {
      over();
      ctx.close();
    }
  }

  /** The client gets what is translated so far. */
  private void write() {
    AnswerRelay current = answer;
    if (current != null && state == State.BODY) {
      current.write();
      commit(current);
    }
  }

  private void commit(AnswerRelay current) {
    if (!committed && current.isBegun()) {
      committed = true;
      if (!current.isRaw()) {
        attempt.committed();
      }
    }
  }

  private boolean isRaw() {
    return answer != null && answer.isRaw();
  }

  /** The upstream's body has ended as HTTP says it should. */
  private void end(ChannelHandlerContext ctx) throws Failure {
    if (state == State.INFORMATIONAL) {
      state = State.HEAD;
      return;
    }
    finish(true);
    over();
    client.flush();
    if (reusable && requestWritten) {
      ctx.pipeline().remove(this);
      pool.release(target.origin(), ctx.channel());
    } else {
      ctx.close();
    }
  }

  /** Completes what the client gets, if it is not complete already. */
  private void finish(boolean cleanly) throws Failure {
    AnswerRelay current = answer;
    if (current != null && !isOver()) {
      current.end(cleanly);
      commit(current);
      attempt.over();
    }
  }

  /** The upstream cannot be read on. Behind the finish of a stream that takes nothing away. */
  private void breakOff(ChannelHandlerContext ctx, UpstreamException cause) {
    if (state == State.BODY && !isRaw()) {
      try {
        finish(false);
        over();
        ctx.close();
        client.flush();
        return;
      } catch (Failure cut) {
        // no finish has come; the cause says more
      }
    }
    fail(ctx, cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    write();
    boolean awaited = !isOver();
    boolean raw = isRaw();
    boolean last = answer != null && (raw || answer.isBegun());
    over();
    ctx.close();
    if (awaited && last) {
      if (!raw && !committed) { // it began and failed in one read: the body is not needed again
        committed = true;
        attempt.committed();
      }
      attempt.over();
      client.pipeline().fireExceptionCaught(cause);
    } else if (awaited) {
      attempt.failed(cause, !heard && !UpstreamPool.hasSpoken(ctx.channel()));
    }
  }

  private void over() {
    state = State.OVER;
    if (answer != null) {
      answer.discard();
      answer = null;
    }
  }
}
