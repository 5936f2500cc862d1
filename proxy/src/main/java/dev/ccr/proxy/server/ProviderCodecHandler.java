package dev.ccr.proxy.server;

import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says an exchange's request in the provider's dialect and sends it. It keeps hold of the call: when
 * the client leaves the call is given up, when the client is slow the upstream is not read.
 */
final class ProviderCodecHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderCodecHandler.class);

  private final UpstreamPool pool;
  private @Nullable UpstreamCall call;

  ProviderCodecHandler(UpstreamPool pool) {
    this.pool = pool;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof Exchange exchange) {
      Target target = exchange.snapshot().target(exchange.route().provider());
      FullHttpRequest request;
      String model = exchange.route().model();
      exchange.translation(
          target
              .codec()
              .open(
                  exchange.facts(), model, target.provider().provider().maxOutputTokens(model)));
      try {
        request =
            UpstreamRequest.of(
                exchange,
                target,
                exchange.translation(),
                target.pathWith(RequestPath.query(exchange.head().uri())),
                ctx.alloc());
      } finally {
        exchange.release(); // the request holds what it needs of the body
      }
      if (LOG.isDebugEnabled()) {
        tell(exchange, target, request);
      }
      call = new UpstreamCall(ctx.channel(), exchange, target, pool);
      call.start(request);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  /** The path without its query, which may hold a key; of headers the names. */
  private static void tell(Exchange exchange, Target target, FullHttpRequest request) {
    LOG.debug(
        "{}: {} {}{}, {} bytes of {} {}, headers {}",
        exchange.log().requestId(),
        request.method(),
        target.origin(),
        RequestPath.path(request.uri()),
        request.content().readableBytes(),
        exchange.log().bytesIn(),
        target.codec().speaksClaude() ? "as they came" : "translated",
        request.headers().names());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (call != null) {
      call.readUpstream(ctx.channel().isWritable());
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.Stage.OVER && call != null) {
      call.cutShort();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (call != null) {
      call.cancel();
    }
    ctx.fireChannelInactive();
  }
}
