package dev.ccr.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * HTTP/1.1 on an upstream's socket, for requests that are no {@code HEAD} and no {@code CONNECT}:
 * Netty's {@code HttpClientCodec} would do if it were not final. It notes whether the connection has
 * given any byte since it was taken from the pool, and be it half a status line, which the decoder
 * keeps to itself.
 */
final class UpstreamCodec
    extends CombinedChannelDuplexHandler<HttpResponseDecoder, HttpRequestEncoder> {

  private static final int MAX_STATUS_LINE = 8192;
  private static final int MAX_HEADER_BYTES = 65_536;

  private boolean spoken;

  UpstreamCodec() {
    super(
        new HttpResponseDecoder(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_STATUS_LINE)
                .setMaxHeaderSize(MAX_HEADER_BYTES)),
        new HttpRequestEncoder());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    spoken = true;
    super.channelRead(ctx, msg);
  }

  /** Whether any byte has come since the last {@link #rest}. */
  boolean hasSpoken() {
    return spoken;
  }

  /** The connection idles from now on. */
  void rest() {
    spoken = false;
  }
}
