package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Durations;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.upstream.DeadlineTimer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder, without what it forgives: see {@link HeadScan} and {@link RequestRules}. A head
 * must be complete within a time that begins with its first octet, and a body in chunks must not be
 * mostly framing. After a failure nothing more is read as HTTP: what comes is dropped.
 *
 * <p>A failure passes on as Netty's do, in the message's decoder result; if it is one of ours it is
 * a {@link RequestException}.
 */
final class RequestDecoder extends HttpRequestDecoder {

  /** Request lines and header lines of 8,000 octets pass (RFC 9112, section 3). */
  private static final int MAX_REQUEST_LINE = 8192;

  private static final int MAX_HEADER_BYTES = 65_536;
  private static final int REQUEST_TIMEOUT = 408;

  /** What chunks of one octet need: a size, two line ends. Extensions and trailers go beyond. */
  private static final int FRAMING_PER_PIECE = 16;

  private static final int MAX_EXCESS_FRAMING = 16_384;

  private final Duration headTime;
  private final Queue<HttpMethod> asked;
  private final HeadScan head = new HeadScan();
  private @Nullable DeadlineTimer clock;
  private boolean headOpen;
  private boolean inBody;
  private boolean broken;
  private int excessFraming;

  /**
   * @param headTime how long a head may take from its first octet to its last
   * @param asked is given the method of each request
   */
  RequestDecoder(Duration headTime, Queue<HttpMethod> asked) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_REQUEST_LINE)
            .setMaxHeaderSize(MAX_HEADER_BYTES));
    this.headTime = headTime;
    this.asked = asked;
  }

  /** Whether the client sent what is not HTTP, or not in time: nothing more is read from it. */
  boolean isBroken() {
    return broken;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (broken) {
      in.skipBytes(in.readableBytes());
    } else if (inBody) {
      body(ctx, in, out);
    } else {
      head(ctx, in, out);
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    if (!broken) {
      super.decodeLast(ctx, in, out);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    if (clock != null) {
      clock.cancel();
    }
    super.handlerRemoved0(ctx);
  }

  private void head(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    RequestException fault = head.scan(in);
    if (fault != null) {
      in.skipBytes(in.readableBytes());
      out.add(broken(fault));
      return;
    }
    int before = in.readableBytes();
    int size = out.size();
    super.decode(ctx, in, out);
    head.consumed(before - in.readableBytes());
    if (out.size() == size) {
      startClock(ctx);
      return;
    }
    headOpen = false;
    head.restart();
    HttpRequest request = (HttpRequest) out.get(size);
    asked.add(request.method());
    fault = request.decoderResult().isSuccess() ? RequestRules.fault(request) : null;
    if (fault != null) {
      request.setDecoderResult(DecoderResult.failure(fault));
    }
    broken = request.decoderResult().isFailure();
    inBody = !broken && !(out.getLast() instanceof LastHttpContent);
    excessFraming = 0;
  }

  private void body(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    int framing = in.readableBytes();
    int size = out.size();
    super.decode(ctx, in, out);
    framing -= in.readableBytes();
    int allowed = 0;
    for (int i = size; i < out.size(); i++) {
      HttpContent content = (HttpContent) out.get(i);
      int octets = content.content().readableBytes();
      framing -= octets;
      allowed += FRAMING_PER_PIECE + 2 * octets;
      inBody = !(content instanceof LastHttpContent);
      broken |= content.decoderResult().isFailure();
    }
    excessFraming = Math.max(0, excessFraming + framing - allowed);
    if (excessFraming > MAX_EXCESS_FRAMING && !broken) {
      in.skipBytes(in.readableBytes());
      HttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
      end.setDecoderResult(
          DecoderResult.failure(
              RequestException.invalid("request body: chunks that are mostly framing")));
      broken = true;
      if (inBody) {
        out.add(end);
      } else {
        out.set(out.size() - 1, end); // an end whose trailers are too long; it carries no content
      }
    }
  }

  private void startClock(ChannelHandlerContext ctx) {
    if (headOpen) {
      return;
    }
    headOpen = true;
    if (clock == null) {
      clock = new DeadlineTimer(ctx.executor(), headTime, () -> expired(ctx));
    }
    clock.set(headTime);
  }

  private void expired(ChannelHandlerContext ctx) {
    if (!headOpen || broken || clock == null) {
      return;
    }
    if (!ctx.channel().config().isAutoRead()) { // it is us who do not read on
      clock.set(headTime);
      return;
    }
    ctx.fireChannelRead(
        broken(
            new RequestException(
                ApiErrorType.TIMEOUT,
                REQUEST_TIMEOUT,
                "request headers: not complete after " + Durations.text(headTime))));
    ctx.fireChannelReadComplete();
  }

  private HttpMessage broken(RequestException fault) {
    broken = true;
    HttpMessage none = createInvalidMessage();
    none.setDecoderResult(DecoderResult.failure(fault));
    asked.add(HttpMethod.GET);
    return none;
  }
}
