package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;

/** Refuses what the codec could not read; nobody behind it sees any of that. */
final class MalformedRequestHandler extends ChannelInboundHandlerAdapter {

  private static final int URI_TOO_LONG = 414;
  private static final int HEADERS_TOO_LARGE = 431;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpObject part && part.decoderResult().isFailure()) {
      ReferenceCountUtil.release(msg);
      throw refusal(part.decoderResult().cause(), msg instanceof HttpRequest);
    }
    ctx.fireChannelRead(msg);
  }

  private static RequestException refusal(Throwable cause, boolean inHead) {
    return switch (cause) {
      case RequestException e -> e;
      case TooLongHttpLineException e when inHead ->
          new RequestException(
              ApiErrorType.INVALID_REQUEST, URI_TOO_LONG, "request line: too long");
      case TooLongHttpHeaderException e ->
          new RequestException(
              ApiErrorType.INVALID_REQUEST, HEADERS_TOO_LARGE, "request headers: too large");
      default -> RequestException.invalid("request: not HTTP/1.1 as RFC 9112 has it");
    };
  }
}
