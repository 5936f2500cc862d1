package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Permit;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects a request's body, up to the limit, in one piece, and hands on the {@link Exchange}. A
 * body whose announced length is too large is refused before any of it is read. Memory grows with
 * what has come, not with what is announced.
 */
final class BodyHandler extends ChannelInboundHandlerAdapter {

  /** What is set aside at first, in bytes; more than most requests need. */
  private static final int INITIAL_BYTES = 1 << 17;

  private final Supplier<Snapshot> snapshots;
  private final RequestLog log;
  private @Nullable Snapshot snapshot;
  private @Nullable HttpRequest head;
  private @Nullable ByteBuf body;

  BodyHandler(Supplier<Snapshot> snapshots, RequestLog log) {
    this.snapshots = snapshots;
    this.log = log;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpRequest request) {
      begin(ctx, request);
    }
    if (msg instanceof HttpContent content) {
      try {
        add(ctx, content.content());
      } finally {
        ReferenceCountUtil.release(msg); // taken from the pipeline
      }
      if (msg instanceof LastHttpContent) {
        finish(ctx);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    discard();
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) throws RequestException {
    discard();
    snapshot = snapshots.get();
    head = request;
    long length = HttpUtil.getContentLength(request, -1L);
    if (length > limit()) {
      head = null;
      throw tooLarge(length + " bytes");
    }
    if (HttpUtil.is100ContinueExpected(request)) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, ctx.alloc().buffer(0)));
    }
  }

  private void add(ChannelHandlerContext ctx, ByteBuf content) throws RequestException {
    if (head == null || !content.isReadable()) {
      return;
    }
    ByteBuf collected = body;
    if (collected == null) {
      long announced = HttpUtil.getContentLength(head, INITIAL_BYTES);
      collected = ctx.alloc().directBuffer((int) Math.min(announced, INITIAL_BYTES));
      body = collected;
    }
    if (content.readableBytes() > limit() - collected.readableBytes()) {
      discard();
      throw tooLarge("more");
    }
    Permit permit = log.permit();
    if (permit != null) {
      reserve(permit, content.readableBytes());
    }
    collected.writeBytes(content);
  }

  private void reserve(Permit permit, int bytes) throws RequestException {
    try {
      permit.received(bytes);
    } catch (RequestException e) {
      discard();
      throw e;
    }
  }

  private void finish(ChannelHandlerContext ctx) {
    HttpRequest request = head;
    Snapshot begunWith = snapshot;
    if (request != null && begunWith != null) {
      ByteBuf collected = body == null ? ctx.alloc().directBuffer(0) : body;
      head = null;
      body = null;
      ctx.fireChannelRead(new Exchange(begunWith, request, collected, log));
    }
  }

  private void discard() {
    head = null;
    if (body != null) {
      body.release();
      body = null;
    }
  }

  private long limit() {
    return snapshot == null ? 0 : snapshot.config().limits().requestBodyBytes();
  }

  private RequestException tooLarge(String size) {
    return new RequestException(
        ApiErrorType.REQUEST_TOO_LARGE,
        "request body: " + size + " (expected: at most " + limit() + " bytes)");
  }
}
