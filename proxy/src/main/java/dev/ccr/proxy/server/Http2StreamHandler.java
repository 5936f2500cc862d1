package dev.ccr.proxy.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands first on a stream of HTTP/2: says with a code why it is closed, and lets only frames pass
 * that belong to a request. One a stream.
 */
final class Http2StreamHandler extends ChannelDuplexHandler {

  private boolean answered;
  private boolean left;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    boolean ofRequest = msg instanceof Http2HeadersFrame || msg instanceof Http2DataFrame;
    if (ofRequest && !left) {
      ctx.fireChannelRead(msg);
    } else {
      ReferenceCountUtil.release(msg); // of an extension: RFC 9113, section 5.5, or too late
    }
  }

  /** Nobody behind needs to know of frames. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Drain.Stage) {
      ctx.fireUserEventTriggered(event);
      return;
    }
    if (event instanceof Http2ResetFrame) {
      left = true;
      ctx.channel().config().setAutoRead(true); // its close waits behind what is not read yet
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    answered |=
        (msg instanceof Http2HeadersFrame head && head.isEndStream())
            || (msg instanceof Http2DataFrame data && data.isEndStream());
    ctx.write(msg, promise);
  }

  /**
   * An answer that was cut must not look finished: some clients take CANCEL, which would be sent
   * by itself, for an end. Behind a whole answer the rest of the request is not wanted: RFC 9113,
   * section 8.1.
   */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    Http2Error why = answered ? Http2Error.NO_ERROR : Http2Error.INTERNAL_ERROR;
    ctx.write(new DefaultHttp2ResetFrame(why));
    ctx.close(promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof Http2Exception)) { // else the stream is being reset for it
      ctx.fireExceptionCaught(cause);
    }
  }
}
