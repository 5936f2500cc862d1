package dev.ccr.proxy.server;

import dev.ccr.proxy.model.Limit;
import dev.ccr.proxy.model.RequestException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the one request of a connection that is one too many, whatever it asks for, and lets
 * nobody wait for it: a connection without a request is closed after some seconds.
 */
final class ExcessHandler extends ChannelInboundHandlerAdapter {

  /** How long such a connection may stay without a request. */
  static final long PATIENCE_SECONDS = 5;

  private static final int MOST_SECONDS = 3;

  private @Nullable ScheduledFuture<?> timeout;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timeout = ctx.executor().schedule(() -> ctx.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    ReferenceCountUtil.release(msg); // taken from the pipeline
    if (msg instanceof HttpRequest) {
      throw RequestException.refused(
          Limit.CONNECTIONS,
          ThreadLocalRandom.current().nextInt(1, MOST_SECONDS + 1),
          "connections: too many (expected: another attempt later)");
    }
  }
}
