package dev.ccr.proxy.server;

import dev.ccr.proxy.auth.AuthHandler;
import dev.ccr.proxy.metrics.Exposition;
import dev.ccr.proxy.metrics.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers {@code GET /metrics}, to those who are on this machine or have the key; others are left
 * to whoever asks for it. The text is made on another thread: the first time it takes a while.
 */
final class MetricsHandler extends ChannelInboundHandlerAdapter {

  private static final String PATH = "/metrics";

  private final Metrics metrics;
  private final Supplier<Snapshot> config;
  private boolean answered;

  MetricsHandler(Metrics metrics, Supplier<Snapshot> config) {
    this.metrics = metrics;
    this.config = config;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof HttpRequest request) {
      answered = isAsked(ctx, request);
      if (answered) {
        Map<String, Integer> circuits = circuits(ctx);
        GlobalEventExecutor.INSTANCE.execute(
            () -> {
              String text = new Exposition(metrics, Version.TEXT, circuits).text();
              ctx.executor().execute(() -> answer(ctx, text));
            });
      }
    }
    if (answered && msg instanceof HttpContent) {
      answered = !(msg instanceof LastHttpContent);
      ReferenceCountUtil.release(msg);
    } else if (!answered) {
      ctx.fireChannelRead(msg);
    }
  }

  private boolean isAsked(ChannelHandlerContext ctx, HttpRequest request) {
    return request.decoderResult().isSuccess()
        && request.method().equals(HttpMethod.GET)
        && RequestPath.path(request.uri()).equals(PATH)
        && (isLocal(ctx, request.headers()) || AuthHandler.admits(config.get().keys(), request.headers()));
  }

  private Map<String, Integer> circuits(ChannelHandlerContext ctx) {
    long now = ctx.executor().ticker().nanoTime();
    return config.get().targets().values().stream()
        .collect(
            Collectors.toMap(
                target -> target.provider().provider().name(),
                target -> target.health().circuit(now).figure()));
  }

  /** Whether the client is on this machine, and no proxy there that speaks for others. */
  private static boolean isLocal(ChannelHandlerContext ctx, HttpHeaders headers) {
    SocketAddress here = ctx.channel().localAddress();
    boolean unix =
        here instanceof DomainSocketAddress || here instanceof UnixDomainSocketAddress;
    return (unix
            || (ctx.channel().remoteAddress() instanceof InetSocketAddress peer
                && peer.getAddress().isLoopbackAddress()))
        && !headers.contains("forwarded")
        && !headers.contains("x-forwarded-for");
  }

  private static void answer(ChannelHandlerContext ctx, String text) {
    if (!ctx.channel().isActive()) {
      return;
    }
    ByteBuf body = ByteBufUtil.writeUtf8(ctx.alloc(), text);
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, Exposition.CONTENT_TYPE);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    ctx.writeAndFlush(response);
  }
}
