package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.ForwardProxy;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for a tunnel to an origin (CONNECT, RFC 9110, section 9.3.6) and leaves when it
 * stands. Nothing of a request is sent before, and of what the proxy says only its status is told.
 * One a connection, on its event loop.
 *
 * <p>Netty's own {@code HttpProxyHandler} has to stand in the pipeline before the connection is
 * made, to one address, and tells a status in a sentence only.
 */
final class TunnelHandler extends ChannelInboundHandlerAdapter {

  private final Origin origin;
  private final ForwardProxy proxy;
  private final Limits limits;
  private final HttpClientCodec codec;
  private final ChannelHandler next;
  private final Promise<Channel> ready;
  private @Nullable Future<?> deadline;
  private boolean stands;
  private boolean over;

  /**
   * @param codec stands in front and leaves too
   * @param next comes in place of this handler, and sees the connection become active
   */
  TunnelHandler(
      Origin origin,
      ForwardProxy proxy,
      Limits limits,
      HttpClientCodec codec,
      ChannelHandler next,
      Promise<Channel> ready) {
    this.origin = origin;
    this.proxy = proxy;
    this.limits = limits;
    this.codec = codec;
    this.next = next;
    this.ready = ready;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> fail(ctx, "makes no tunnel in time (expected: an answer to CONNECT)"),
                limits.connect().toMillis(),
                TimeUnit.MILLISECONDS);
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.CONNECT, origin.authority(), Unpooled.EMPTY_BUFFER);
    request.headers().set(HttpHeaderNames.HOST, origin.authority());
    if (!proxy.credentials().isEmpty()) {
      request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, basic());
    }
    ctx.writeAndFlush(request); // a failure closes the connection
  }

  /** RFC 7617, in UTF-8: it has no other way to say what it is in. */
  private String basic() {
    String credentials = proxy.credentials().reveal();
    String pair = credentials.indexOf(':') < 0 ? credentials + ':' : credentials;
    return "Basic "
        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (over) {
        return;
      }
      if (msg instanceof HttpResponse response) {
        head(ctx, response);
      }
      if (stands && msg instanceof LastHttpContent) {
        handOver(ctx);
      }
    } finally {
      ReferenceCountUtil.release(msg); // taken from the pipeline
    }
  }

  private void head(ChannelHandlerContext ctx, HttpResponse response) {
    HttpResponseStatus status = response.status();
    if (response.decoderResult().isFailure()) {
      fail(ctx, "speaks no HTTP (expected: an HTTP proxy)");
    } else if (status.equals(HttpResponseStatus.OK)) {
      stands = true;
    } else if (status.codeClass() != HttpStatusClass.INFORMATIONAL) {
      fail(ctx, "refuses: " + status.code() + expected(status.code()));
    }
  }

  private String expected(int code) {
    return switch (code) {
      case 407 ->
          " Proxy Authentication Required (expected: "
              + (proxy.credentials().isEmpty() ? "a" : "another")
              + " user and password in " + proxy.key() + ")";
      case 403 -> " Forbidden (expected: a proxy that lets through to " + origin.authority() + ")";
      case 502, 503, 504 -> " (expected: an upstream that the proxy can reach)";
      default -> " (expected: 200)";
    };
  }

  private void handOver(ChannelHandlerContext ctx) {
    finish();
    ctx.pipeline().remove(codec);
    ctx.pipeline().replace(this, null, next);
    ctx.fireChannelActive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable inside = cause.getCause() instanceof SSLException tls ? tls : cause;
    fail(ctx, ConnectFailures.of(Connector.place(origin, proxy), proxy.tls(), limits, inside));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, "closes the connection (expected: an answer to CONNECT)");
    ctx.fireChannelInactive();
  }

  private void fail(ChannelHandlerContext ctx, String what) {
    fail(ctx, UpstreamException.badGateway(Connector.place(origin, proxy) + " " + what));
  }

  private void fail(ChannelHandlerContext ctx, UpstreamException failure) {
    if (!over) {
      finish();
      ready.tryFailure(failure);
      ctx.close();
    }
  }

  private void finish() {
    over = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
  }
}
