package dev.ccr.proxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.ccr.proxy.config.Liveness;
import dev.ccr.proxy.upstream.DeadlineTimer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a client that wants a stream from giving up: a {@code ping} after each silence inside the
 * stream and, if that is asked for, comments before it. What it writes stands between whole events,
 * since others write nothing less, and counts as nothing for the upstream's clocks.
 *
 * <p>One timer a connection, moved and not made anew: see {@link DeadlineTimer}.
 *
 * @see <a href="https://docs.claude.com/en/docs/build-with-claude/streaming#ping-events">Ping</a>
 */
final class HeartbeatHandler extends ChannelDuplexHandler {

  private static final byte[] PING =
      "event: ping\ndata: {\"type\":\"ping\"}\n\n".getBytes(US_ASCII);
  private static final byte[] COMMENT = ": waiting\n\n".getBytes(US_ASCII);

  /** Where parts of a stream enter the line. */
  private @Nullable ChannelHandlerContext exit;

  /** What the client waits for; {@code null} if that is no stream. */
  private @Nullable Exchange exchange;

  private @Nullable Liveness liveness;
  private @Nullable DeadlineTimer timer;

  /** The head of an event stream is written, and its end is not. */
  private boolean streaming;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ChannelHandlerContext last = ctx.pipeline().context(DrainHandler.class);
    exit = last == null ? ctx : last;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof Exchange begun && begun.facts().stream()) {
      exchange = begun;
      streaming = false;
      begun.stream(this);
      setTimer(ctx, begun.snapshot().config().liveness());
      wait(early());
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (exchange != null) {
      if (msg instanceof HttpResponse head) {
        streaming = isEventStream(head);
      }
      if (msg instanceof LastHttpContent) {
        exchange = null;
      }
    }
    ctx.write(msg, promise);
  }

  /**
   * Writes a part of the stream, which is given. It passes by the stages in front of this one up to
   * {@link DrainHandler}, that one included: they look at requests, heads and ends, and a part would
   * have to find its way round every one of them.
   */
  void writePart(HttpContent part) {
    if (exchange != null && streaming) {
      wait(ping());
    }
    ChannelHandlerContext way = known();
    way.write(part, way.voidPromise());
  }

  /** Sends what has been written. */
  void flush() {
    known().flush();
  }

  private ChannelHandlerContext known() {
    if (exit == null) {
      throw new IllegalStateException("it is in no pipeline");
    }
    return exit;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    exchange = null;
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void setTimer(ChannelHandlerContext ctx, Liveness next) {
    if (!next.equals(liveness)) {
      if (timer != null) {
        timer.cancel();
      }
      liveness = next;
      Duration shortest =
          next.ping().isZero()
                  || (!next.earlyComments().isZero()
                      && next.earlyComments().compareTo(next.ping()) < 0)
              ? next.earlyComments()
              : next.ping();
      timer = new DeadlineTimer(ctx.executor(), shortest, () -> expired(ctx));
    }
  }

  private Duration ping() {
    return liveness == null ? Duration.ZERO : liveness.ping();
  }

  private Duration early() {
    return liveness == null ? Duration.ZERO : liveness.earlyComments();
  }

  private void wait(Duration time) {
    if (timer != null && !time.isZero()) {
      timer.set(time);
    }
  }

  private void expired(ChannelHandlerContext ctx) {
    Exchange waiting = exchange;
    if (waiting == null) {
      return; // it has ended since the timer was set
    }
    boolean writable = ctx.channel().isWritable(); // else what it has not read yet is enough
    if (streaming && waiting.isMessageOpen()) {
      if (writable && !ping().isZero()) {
        write(ctx, PING);
      }
      wait(ping());
    } else if (!early().isZero()) {
      if (writable && (waiting.isCommitted() ? streaming : !waiting.isStatusHeld())) {
        if (!waiting.isCommitted()) {
          ClientAnswer.early(ctx.channel(), waiting);
        }
        write(ctx, COMMENT);
      }
      wait(early());
    }
  }

  /** Through the whole line, so that each stage knows what has been written. */
  private static void write(ChannelHandlerContext ctx, byte[] event) {
    ctx.channel()
        .writeAndFlush(
            new DefaultHttpContent(Unpooled.wrappedBuffer(event)), ctx.channel().voidPromise());
  }

  private static boolean isEventStream(HttpResponse head) {
    return head.status().equals(HttpResponseStatus.OK)
        && Headers.isEventStream(head.headers().get("content-type", ""));
  }
}
