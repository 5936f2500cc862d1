package dev.ccr.proxy.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a connection's own pipeline. Frames that concern the connection as a whole (settings,
 * pings and their answers, GOAWAY) come here when the codec has done what they ask for, and are
 * counted: a client that sends little else costs work and asks for nothing (CVE-2019-9512,
 * CVE-2019-9515), and is told to be calm (RFC 9113, section 10.5). One a connection.
 */
final class Http2ControlHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(Http2ControlHandler.class);

  /** More than one for each of the windows that a fast client may probe. */
  private static final int MAX_FRAMES = 1_000;

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Http2FrameCodec codec;
  private long windowStart;
  private int frames;

  Http2ControlHandler(Http2FrameCodec codec) {
    this.codec = codec;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ReferenceCountUtil.release(msg); // taken from the pipeline
    long now = ctx.executor().ticker().nanoTime();
    if (frames == 0 || now - windowStart >= WINDOW_NANOS) {
      windowStart = now;
      frames = 0;
    }
    if (++frames == MAX_FRAMES + 1) {
      codec.onError(
          ctx.pipeline().context(codec),
          false,
          Http2Exception.connectionError(
              Http2Error.ENHANCE_YOUR_CALM,
              "more than %s control frames in %s s",
              MAX_FRAMES,
              TimeUnit.NANOSECONDS.toSeconds(WINDOW_NANOS)));
    }
  }

  /** The codec closes the connection by itself where that is due. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (LOG.isDebugEnabled()) {
      LOG.debug("{}: HTTP/2: {}", ctx.channel(), HeaderText.line(String.valueOf(cause)));
    }
    if (!(cause instanceof Http2Exception)) {
      ctx.close();
    }
  }
}
