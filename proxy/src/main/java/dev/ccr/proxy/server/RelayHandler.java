package dev.ccr.proxy.server;

import dev.ccr.proxy.config.ErrorStyle;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one upstream answer to the client. One per exchange; both channels share an event loop,
 * so the fields need no synchronisation. When the answer is complete the handler leaves the
 * pipeline, and the connection goes back to its pool.
 */
final class RelayHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(RelayHandler.class);

  /** What is read of an upstream that goes on after its answer is complete, in bytes. */
  private static final int MAX_TRAILING_BYTES = 65_536;

  private enum State {
    /** The answer has not begun. */
    HEAD,
    /** A 1xx has come; its end is not the answer's. */
    INFORMATIONAL,
    /** The body goes to the client as it is: an error of the upstream's. */
    RAW,
    /** The body goes through the transcoder. */
    TRANSCODE,
    /** The answer is complete but the upstream's body is not: reading on saves the connection. */
    TRAILING,
    OVER
  }

  /** The answer under way: its status is known, its transcoder chosen. */
  private record Relay(ClientAnswer answer, @Nullable StreamTranscoder transcoder) {}

  private final Channel client;
  private final Exchange exchange;
  private final Target target;
  private final UpstreamPool pool;
  private State state = State.HEAD;
  private @Nullable Relay relay;
  private @Nullable ContextOverflow overflow;
  private boolean reusable;
  private boolean requestWritten;
  private int trailingBytes;

  RelayHandler(Channel client, Exchange exchange, Target target, UpstreamPool pool) {
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
    client.flush(); // once per burst, not per event
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    try {
      switch (state) {
        case HEAD, INFORMATIONAL -> throw broken("it closed the connection without an answer");
        case RAW -> throw broken("it closed the connection inside its answer");
        case TRANSCODE -> finish(false);
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
    if (cause instanceof IOException && state == State.TRANSCODE) {
      ctx.close(); // a reset may come after the finish: channelInactive knows whether it did
    } else if (cause instanceof IOException || cause instanceof DecoderException) {
      fail(ctx, broken(cause.getClass().getSimpleName()));
    } else {
      fail(ctx, cause);
    }
  }

  private void read(ChannelHandlerContext ctx, Object msg) throws Failure {
    if (!isOver() && exchange.log().awaitsFirstEvent()) {
      exchange.log().upstreamRead(ctx.executor().ticker().nanoTime());
    }
    if (msg instanceof HttpObject part && part.decoderResult().isFailure()) {
      throw broken("its answer is not HTTP/1.1");
    }
    if (msg instanceof HttpResponse head && state == State.HEAD) {
      begin(head);
    }
    if (msg instanceof HttpContent content) {
      relay(ctx, content.content());
      if (msg instanceof LastHttpContent && state != State.OVER) {
        end(ctx);
      }
    }
  }

  private void begin(HttpResponse head) throws UpstreamException {
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
    exchange.log().upstreamStatus(status);
    if (head.status().codeClass() == HttpStatusClass.REDIRECTION) {
      throw broken("it answered " + status + ", and redirects are not followed");
    }
    reusable = HttpUtil.isKeepAlive(head);
    if (head.status().codeClass() == HttpStatusClass.SUCCESS) {
      state = State.TRANSCODE;
      relay = transcoding(head);
    } else {
      state = State.RAW;
      exchange.log().outcome(RequestLog.UPSTREAM_ERROR, "");
      relay = new Relay(ClientAnswer.passing(client, exchange, head), null);
      if (mayBeOverflow(status)) {
        overflow = new ContextOverflow(client.alloc());
      }
    }
  }

  private Relay transcoding(HttpResponse head) throws UpstreamException {
    boolean clientStreams = exchange.facts().stream();
    String type =
        head.headers().get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    if (target.codec().speaksClaude() && type.contains("html")) {
      // A login page, say: passed on it would be taken for an answer.
      throw broken("it answered with a page (expected: JSON or an event stream)");
    }
    boolean upstreamStreams =
        Headers.isEventStream(type)
            || (clientStreams && !type.contains("json") && !type.contains("html"));
    StreamTranscoder transcoder = exchange.translation().openAnswer(upstreamStreams);
    exchange.log().usage(transcoder.usage());
    ClientAnswer answer =
        target.codec().speaksClaude()
            ? ClientAnswer.passing(client, exchange, head)
            : clientStreams
                ? ClientAnswer.events(client, exchange)
                : ClientAnswer.message(client, exchange);
    return new Relay(answer, transcoder);
  }

  private void relay(ChannelHandlerContext ctx, ByteBuf in) throws Failure {
    Relay current = relay;
    if (state == State.TRAILING) {
      trailingBytes += in.readableBytes();
      if (trailingBytes > MAX_TRAILING_BYTES) {
        over();
        ctx.close();
      }
    } else if (state == State.RAW && current != null) {
      relayError(current.answer, in);
    } else if (state == State.TRANSCODE && current != null && current.transcoder != null) {
      if (transcode(current.transcoder, current.answer, in, ctx.alloc().buffer())) {
        current.answer.end();
        state = State.TRAILING;
        ctx.channel().config().setAutoRead(true); // nothing of it goes to a client that may be slow
      }
    }
  }

  /** Whether the client wants to hear in Claude's words that its conversation is too long. */
  private boolean mayBeOverflow(int status) {
    return exchange.snapshot().config().errors() == ErrorStyle.CLAUDE
        && !target.codec().speaksClaude()
        && (status == 400 || status == 413 || status == 422);
  }

  private void relayError(ClientAnswer answer, ByteBuf in) {
    if (overflow == null) {
      answer.write(in.retain());
    } else if (!overflow.add(in)) {
      answer.write(overflow.take());
      overflow = null;
    }
  }

  private static boolean transcode(
      StreamTranscoder transcoder, ClientAnswer answer, ByteBuf in, ByteBuf out)
      throws Failure {
    try {
      return transcoder.transcode(in, out);
    } finally { // after a fault too: the events before it are whole
      answer.write(out);
    }
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
    Relay current = relay;
    if (current == null || isOver()) {
      return;
    }
    if (current.transcoder != null) {
      ByteBuf out = client.alloc().buffer();
      try {
        current.transcoder.end(cleanly, out);
      } finally {
        current.answer.write(out);
      }
    }
    if (overflow != null) {
      String message = overflow.message();
      if (message != null) {
        throw new UpstreamException(ApiErrorType.INVALID_REQUEST, 400, message);
      }
      current.answer.write(overflow.take());
      overflow = null;
    }
    current.answer.end();
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    boolean awaited = !isOver();
    over();
    ctx.close();
    if (awaited) {
      client.pipeline().fireExceptionCaught(cause);
    }
  }

  private void over() {
    state = State.OVER;
    if (overflow != null) {
      overflow.discard();
      overflow = null;
    }
    if (relay != null) {
      relay.answer.discard();
      relay = null;
    }
  }

  private UpstreamException broken(String what) {
    return UpstreamException.badGateway("upstream " + target.origin() + ": " + what);
  }
}
