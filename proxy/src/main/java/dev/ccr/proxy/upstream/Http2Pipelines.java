package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;

/** Sets up connections of HTTP/2, and the streams on them. */
final class Http2Pipelines {

  /** What a peer may send of an answer that nobody reads. At 200 ms it lets 1.3 MB/s through. */
  static final int STREAM_WINDOW = 256 * 1024;

  private static final int MAX_HEADER_BYTES = 65_536;

  /** Netty's limit of 2 is met by servers that flush more often than they write. */
  private static final int MAX_EMPTY_FRAMES = 64;

  private Http2Pipelines() {}

  /** Sets up a connection whose TLS handshake has agreed on HTTP/2. */
  static void install(Channel channel, Origin origin, Limits limits) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forClient()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .maxHeaderListSize(MAX_HEADER_BYTES)
                    .initialWindowSize(STREAM_WINDOW))
            .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES)
            .decoupleCloseAndGoAway(true) // or closing would wait for the streams
            .build();
    codec
        .connection()
        .local()
        .flowController(
            new DefaultHttp2LocalFlowController(
                    codec.connection(),
                    DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO,
                    true) // refills the connection's window by itself
                .frameWriter(codec.encoder().frameWriter()));
    Http2Upstream upstream = new Http2Upstream(origin, codec.connection(), limits);
    channel
        .pipeline()
        .addLast(upstream.clock(), codec, new Http2MultiplexHandler(new NoPush()), upstream);
  }

  /** Gives a stream what HTTP/1.1 has on the connection. */
  static final class StreamInitializer extends ChannelInitializer<Channel> {

    private final Origin origin;
    private final Limits limits;

    StreamInitializer(Origin origin, Limits limits) {
      this.origin = origin;
      this.limits = limits;
    }

    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new Http2StreamFrameToHttpObjectCodec(false),
              new Http2AnswerHandler(origin),
              new AnswerDecompressor(),
              new UpstreamTimeoutHandler(origin, limits));
    }
  }

  /** A peer may not push, and the codec sees to that; Netty wants a handler nonetheless. */
  @ChannelHandler.Sharable
  private static final class NoPush extends ChannelInboundHandlerAdapter {

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.close();
    }
  }
}
