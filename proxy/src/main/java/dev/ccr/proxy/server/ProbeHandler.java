package dev.ccr.proxy.server;

import dev.ccr.proxy.attempt.ProviderHealth;
import dev.ccr.proxy.auth.AuthHandler;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.json.JsonEscape;
import dev.ccr.proxy.json.JsonOut;
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
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Answers those who only ask whether the router is there, without a key: {@code /health} and {@code /}
 * by GET or HEAD, and Claude Code's probe {@code HEAD /api/hello}. Once the router takes leave
 * {@code /health} is a 503. What is wrong with a configuration, and how the providers are, is told
 * only to those who may use the router.
 */
final class ProbeHandler extends ChannelInboundHandlerAdapter {

  private static final AsciiString JSON = AsciiString.cached("application/json");
  private static final AsciiString TEXT = AsciiString.cached("text/plain; charset=utf-8");

  private final String version;
  private final long startNanos;
  private final LiveConfig config;
  private final Drain drain;
  private boolean answered;

  /** @param startNanos when the server started, on the event loop's clock */
  ProbeHandler(String version, long startNanos, LiveConfig config, Drain drain) {
    this.version = version;
    this.startNanos = startNanos;
    this.config = config;
    this.drain = drain;
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
    boolean leaves =
        drain.stage() != Drain.Stage.OPEN && RequestPath.path(request.uri()).equals("/health");
    ByteBuf body = ctx.alloc().buffer(256);
    if (text) {
      ByteBufUtil.writeAscii(body, leaves ? "draining" : "OK");
    } else {
      long uptime = ctx.executor().ticker().nanoTime() - startNanos;
      ByteBufUtil.writeAscii(
          body,
          "{\"status\":\"" + (leaves ? "draining" : "ok") + "\",\"version\":\"" + version + "\",\"uptime_seconds\":"
              + TimeUnit.NANOSECONDS.toSeconds(uptime) + ",\"config\":");
      LiveConfig.State state = config.state();
      write(state, request, body);
      if (AuthHandler.admits(state.snapshot().keys(), request.headers())) {
        providers(state.snapshot(), ctx.executor().ticker().nanoTime(), body);
      }
      body.writeByte('}');
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
            leaves ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.OK,
            body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, text ? TEXT : JSON);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    ctx.writeAndFlush(response);
  }

  private static void write(LiveConfig.State state, HttpRequest request, ByteBuf out) {
    List<String> problems = state.problems();
    ByteBufUtil.writeAscii(
        out,
        "{\"state\":\"" + (problems.isEmpty() ? "ok" : "rejected") + "\",\"loaded_at\":\""
            + state.loadedAt() + "\",\"problems\":");
    boolean told =
        problems.isEmpty() || AuthHandler.admits(state.snapshot().keys(), request.headers());
    strings(
        told ? problems : List.of(problems.size() + " (told to those who send a key)"), out);
    ByteBufUtil.writeAscii(out, ",\"needs_restart\":");
    strings(state.needsRestart(), out);
    out.writeByte('}');
  }

  /** In what state each provider is, in the order of the configuration. */
  private static void providers(Snapshot snapshot, long nanoTime, ByteBuf out) {
    JsonEscape escape = JsonEscape.ofThisThread();
    ByteBufUtil.writeAscii(out, ",\"providers\":{");
    String comma = "";
    for (ProviderConfig each : snapshot.config().providers()) {
      ByteBufUtil.writeAscii(out, comma);
      comma = ",";
      JsonOut.string(each.provider().name(), escape, out);
      ProviderHealth health = snapshot.target(each.provider()).health();
      ByteBufUtil.writeAscii(
          out,
          ":{\"circuit\":\"" + health.circuit(nanoTime).label() + "\",\"keys\":"
              + health.keys().size() + ",\"keys_ready\":" + health.keys().ready(nanoTime) + "}");
    }
    out.writeByte('}');
  }

  private static void strings(List<String> values, ByteBuf out) {
    JsonEscape escape = JsonEscape.ofThisThread();
    char before = '[';
    for (String value : values) {
      out.writeByte(before);
      JsonOut.string(value, escape, out);
      before = ',';
    }
    ByteBufUtil.writeAscii(out, values.isEmpty() ? "[]" : "]");
  }
}
