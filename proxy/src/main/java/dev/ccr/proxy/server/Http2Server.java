package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.function.Consumer;

/**
 * Makes a connection of HTTP/2 (RFC 9113) of a client's channel. Frames, HPACK and flow control are
 * Netty's; each stream is a channel on the connection's event loop and gets the same line as a
 * connection of HTTP/1.1. Nothing is pushed. A router that nobody speaks HTTP/2 to does not load
 * this class, nor any of the codec.
 */
final class Http2Server {

  /** Requests at a time: RFC 9113, section 6.5.2, advises not fewer than 100. */
  private static final int MAX_STREAMS = 128;

  /** As much as HTTP/1.1 takes, in bytes as section 6.5.2 counts them: 32 more for each field. */
  private static final int MAX_HEADER_BYTES = 65_536;

  /**
   * What a stream may send before it has been read, in bytes. Conversations have up to a few
   * megabytes: with the protocol's 64 KiB each would take dozens of round trips.
   */
  private static final int STREAM_WINDOW = 1 << 20;

  /** The same for all streams together. */
  private static final int CONNECTION_WINDOW = 4 << 20;

  /**
   * How many streams a client may reset in so many seconds, and how many it may make the router
   * reset, before it is told to be calm (CVE-2023-44487, CVE-2025-8671): every request costs more
   * than its reset.
   */
  private static final int MAX_RESETS = 200;

  private static final int RESET_SECONDS = 30;

  /** How many frames in a row may carry nothing. */
  private static final int MAX_EMPTY_FRAMES = 2;

  /** How many short pieces a header block may come in (CVE-2024-24549 and its kin). */
  private static final int MAX_SMALL_CONTINUATIONS = 16;

  /** Answers to pings, settings and resets that wait for a client that does not read. */
  private static final int MAX_QUEUED_CONTROL_FRAMES = 1_000;

  private Http2Server() {}

  /**
   * Adds what HTTP/2 needs to a channel's pipeline. The client's preface is still to be read.
   *
   * @param limits how long the connection may idle
   * @param line adds the handlers of a request to a stream's channel
   */
  static void serve(Channel channel, Limits limits, Consumer<Channel> line) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                new Http2Settings()
                    .maxConcurrentStreams(MAX_STREAMS)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(MAX_HEADER_BYTES))
            .validateHeaders(true)
            .validateRequiredPseudoHeaders(true)
            .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES)
            .decoderEnforceMaxSmallContinuationFrames(MAX_SMALL_CONTINUATIONS)
            .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_SECONDS)
            .encoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_SECONDS)
            .encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES)
            .gracefulShutdownTimeoutMillis(-1) // streams have clocks of their own, and a drain ends
            .build();
    channel
        .pipeline()
        .addLast(
            codec,
            new Http2IdleHandler(codec.connection(), limits.clientKeepAlive()),
            new Http2MultiplexHandler(new StreamInitializer(line)),
            new Http2ControlHandler(codec));
    channel.write(
        new DefaultHttp2WindowUpdateFrame(
            CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE));
  }

  /** All streams of a connection share it. */
  private static final class StreamInitializer extends ChannelInitializer<Channel> {

    private final Consumer<Channel> line;

    StreamInitializer(Consumer<Channel> line) {
      this.line = line;
    }

    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new Http2StreamHandler(), new Http2RequestCodec());
      line.accept(stream);
    }
  }
}
