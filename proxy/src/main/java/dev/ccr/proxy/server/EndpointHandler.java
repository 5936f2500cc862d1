package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;

/** Lets requests pass that there is an endpoint for. */
final class EndpointHandler extends ChannelInboundHandlerAdapter {

  private static final int METHOD_NOT_ALLOWED = 405;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpRequest request) {
      check(request);
    }
    ctx.fireChannelRead(msg);
  }

  private static void check(HttpRequest request) throws RequestException {
    String path = RequestPath.path(request.uri());
    if (Endpoint.at(path) == null) {
      throw new RequestException(
          ApiErrorType.NOT_FOUND,
          "path: " + HeaderText.of(path) + " (expected: " + Endpoint.MESSAGES.path() + ", "
              + Endpoint.COUNT_TOKENS.path() + ", " + ModelsHandler.PATH + " or /health)");
    }
    if (!request.method().equals(HttpMethod.POST)) {
      throw new RequestException(
          ApiErrorType.INVALID_REQUEST,
          METHOD_NOT_ALLOWED,
          "method: " + HeaderText.of(request.method().name()) + " (expected: POST)");
    }
  }
}
