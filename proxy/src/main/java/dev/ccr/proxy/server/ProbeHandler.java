package dev.ccr.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Answers those who only ask whether the router is there, without a key: {@code /health} and {@code /}
 * by GET or HEAD, and Claude Code's probe {@code HEAD /api/hello}.
 */
final class ProbeHandler extends ChannelInboundHandlerAdapter {

  private static final AsciiString JSON = AsciiString.cached("application/json");
  private static final AsciiString TEXT = AsciiString.cached("text/plain; charset=utf-8");

  private final String version;
  private final long startNanos;
  private boolean answered;

  /** @param startNanos when the server started, on the event loop's clock */
  ProbeHandler(String version, long startNanos) {
    this.version = version;
    this.startNanos = startNanos;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof HttpRequest request) {
      answered = isProbe(request);
      if (answered) {
        answer(ctx, request);
      }
    }
    if (answered && msg instanceof HttpContent) {
      answered = !(msg instanceof LastHttpContent);
      ReferenceCountUtil.release(msg);
    } else if (!answered) {
      ctx.fireChannelRead(msg);
    }
  }

  private static boolean isProbe(HttpRequest request) {
    boolean get = request.method().equals(HttpMethod.GET);
    boolean head = request.method().equals(HttpMethod.HEAD);
    return request.decoderResult().isSuccess()
        && switch (RequestPath.path(request.uri())) {
          case "/health", "/" -> get || head;
          case "/api/hello" -> head;
          default -> false;
        };
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    boolean text = request.headers().get(HttpHeaderNames.ACCEPT, "").startsWith("text/plain");
    ByteBuf body = ctx.alloc().buffer(128);
    if (text) {
      ByteBufUtil.writeAscii(body, "OK");
    } else {
      long uptime = ctx.executor().ticker().nanoTime() - startNanos;
      ByteBufUtil.writeAscii(
          body,
          "{\"status\":\"ok\",\"version\":\"" + version + "\",\"uptime_seconds\":"
              + TimeUnit.NANOSECONDS.toSeconds(uptime) + "}");
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, text ? TEXT : JSON);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    ctx.writeAndFlush(response);
  }
}
