package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.Durations;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2 to an upstream, and the streams on it. A stream is a channel whose
 * pipeline ends as that of an HTTP/1.1 connection does, so that whoever has it need not know the
 * difference; closing it resets the stream (CANCEL) unless its answer is complete.
 *
 * <p>Each stream has a window of its own, which is not refilled while nobody reads it. That of the
 * connection is refilled as bytes come: else one client that does not read would stop the streams
 * of all others (RFC 9113, section 5.2). So at most {@link Http2Pipelines#STREAM_WINDOW} bytes a stream wait here.
 *
 * <p>For the event loop's thread.
 */
final class Http2Upstream extends ChannelInboundHandlerAdapter implements Http2Clock.Listener {

  /** What may be on its way on a whole connection, in bytes. */
  private static final int CONNECTION_WINDOW = 4 << 20;

  /** More streams share a lost packet's delay; servers commonly allow 100 to 128. */
  static final int MAX_STREAMS = 100;

  /** Numbers of streams are odd and end at 2^31: long before, another connection takes over. */
  private static final int MAX_STREAMS_EVER = 1 << 24;

  private final Origin origin;
  private final Http2Connection connection;
  private final Set<Channel> streams = new LinkedHashSet<>();
  private final Http2Clock clock = new Http2Clock(this);
  private Runnable changed = () -> {};
  private Duration keepAlive;
  private @Nullable Channel channel;
  private @Nullable Http2StreamChannelBootstrap bootstrap;
  private int opened;
  private int unborn; // streams that were opened and have not sent their request yet
  private int maxStreams = 1; // until the peer has said how many
  private boolean settled;
  private boolean draining;

  Http2Upstream(Origin origin, Http2Connection connection, Limits limits) {
    this.origin = origin;
    this.connection = connection;
    keepAlive = limits.upstreamKeepAlive();
    connection.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamAdded(Http2Stream stream) {
            if (connection.local().isValidStreamId(stream.id())) {
              unborn--;
            }
          }

          @Override
          public void onStreamRemoved(Http2Stream stream) {
            changed.run(); // a place is free
          }
        });
  }

  /** The streams of a connection that speaks HTTP/2; {@code null} if it does not. */
  static @Nullable Http2Upstream of(Channel connection) {
    return connection.pipeline().get(Http2Upstream.class);
  }

  /** The handler that stands in front of the codec. */
  Http2Clock clock() {
    return clock;
  }

  /** @param changed called when there may be room where there was none; must not use it at once */
  void onChange(Runnable changed) {
    this.changed = changed;
  }

  /** Whether another stream may be opened now (RFC 9113, section 5.1.2). */
  boolean hasRoom() {
    return !draining
        && unborn + connection.local().numActiveStreams() < maxStreams
        && opened < MAX_STREAMS_EVER;
  }

  /** Whether the peer has said how many streams it takes. */
  boolean isSettled() {
    return settled;
  }

  /** How many streams the peer takes at once; 0 if it takes none for now. */
  int maxStreams() {
    return maxStreams;
  }

  /** How many streams are on it. */
  int streams() {
    return streams.size();
  }

  /** The connection itself. */
  Channel channel() {
    if (channel == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return channel;
  }

  /**
   * Opens a stream for one request; there must be room.
   *
   * @return {@code null} if that fails; the connection is then not used any more
   */
  @Nullable Channel open(Limits limits) {
    Http2StreamChannelBootstrap streamsOf = bootstrap;
    if (streamsOf == null || !channel().isActive()) {
      drain();
      return null;
    }
    keepAlive = limits.upstreamKeepAlive();
    Future<Http2StreamChannel> future =
        streamsOf.handler(new Http2Pipelines.StreamInitializer(origin, limits)).open();
    if (!future.isSuccess()) {
      drain();
      return null;
    }
    Http2StreamChannel stream = future.getNow();
    if (opened++ > 0) {
      UpstreamPool.markUsed(stream);
    }
    unborn++;
    if (streams.isEmpty()) {
      clock.busy();
    }
    streams.add(stream);
    stream.closeFuture().addListener(closed -> closed(stream));
    return stream;
  }

  /** Takes no more streams, and closes when the last one has ended. */
  void drain() {
    draining = true;
    if (streams.isEmpty() && channel != null) {
      channel.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    bootstrap =
        new Http2StreamChannelBootstrap(ctx.channel())
            // A request that is no longer wanted cannot be written: what came of the answer stays.
            .option(ChannelOption.AUTO_CLOSE, false);
    clock.idle(keepAlive);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ConnectionPrefaceAndSettingsFrameWrittenEvent) {
      ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(CONNECTION_WINDOW));
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (msg instanceof Http2SettingsFrame frame) {
        Long max = frame.settings().maxConcurrentStreams();
        if (max != null) {
          maxStreams = (int) Math.min(max, MAX_STREAMS);
        } else if (!settled) {
          maxStreams = MAX_STREAMS;
        }
        settled = true;
        changed.run();
      } else if (msg instanceof Http2GoAwayFrame) {
        drain(); // the streams it has not looked at know already
        changed.run();
      }
    } finally {
      ReferenceCountUtil.release(msg); // taken from the pipeline
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    draining = true;
    if (!(cause instanceof IOException)) {
      fail(
          cause instanceof Http2Exception
              ? "it does not speak HTTP/2 as agreed"
              : cause.getClass().getSimpleName());
    }
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    draining = true;
    ctx.fireChannelInactive();
  }

  @Override
  public void ping() {
    channel().writeAndFlush(new DefaultHttp2PingFrame(opened));
  }

  @Override
  public void lost() {
    draining = true;
    fail(
        "connection lost: no answer to a ping within " + Durations.text(Http2Clock.PATIENCE));
    channel().close();
  }

  @Override
  public void expired() {
    drain();
  }

  private void closed(Http2StreamChannel stream) {
    if (!connection.local().mayHaveCreatedStream(stream.stream().id())) {
      unborn--; // it never sent its request
      changed.run();
    }
    streams.remove(stream);
    if (streams.isEmpty()) {
      clock.idle(keepAlive);
      if (draining) {
        channel().close();
      } else {
        changed.run();
      }
    }
  }

  private void fail(String what) {
    UpstreamException failure = UpstreamException.badGateway("upstream " + origin + ": " + what);
    for (Channel stream : new ArrayList<>(streams)) { // each leaves the set as it fails
      stream.pipeline().fireExceptionCaught(failure);
    }
  }
}
