package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.upstream.DeadlineTimer;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one client connection: how long it may idle between requests, and how long a request
 * may stand still. While an answer is under way the upstream's clock counts.
 */
final class ClientTimeoutHandler extends ChannelDuplexHandler {

  private final Limits limits;
  private @Nullable DeadlineTimer timer;
  private boolean requestOpen;
  private boolean responseOpen;

  ClientTimeoutHandler(Limits limits) {
    this.limits = limits;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer =
        new DeadlineTimer(
            ctx.executor(),
            Collections.min(List.of(limits.clientRequest(), limits.clientKeepAlive())),
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
    }
    if (msg instanceof HttpContent) {
      requestOpen = !(msg instanceof LastHttpContent);
    }
    move();
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    boolean informational =
        msg instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (msg instanceof LastHttpContent && !informational) {
      responseOpen = false;
      move();
    }
    ctx.write(msg, promise);
  }

  private void move() {
    if (timer != null) {
      timer.set(requestOpen ? limits.clientRequest() : limits.clientKeepAlive());
    }
  }

  private void expired(ChannelHandlerContext ctx) {
    if (!requestOpen && responseOpen) {
      move();
    } else if (!requestOpen) {
      ctx.close();
    } else if (responseOpen) {
      ctx.fireExceptionCaught(
          new RequestException(
              ApiErrorType.TIMEOUT,
              408,
              "request body: nothing came for " + limits.clientRequest().toSeconds() + " s"));
      ctx.close();
    } else {
      ctx.close();
    }
  }
}
