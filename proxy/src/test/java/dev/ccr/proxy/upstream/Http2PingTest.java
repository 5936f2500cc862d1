package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clock of a connection with streams, with time standing still; no socket between the ends. */
final class Http2PingTest {

  private static final long SILENCE = Http2Clock.SILENCE.toSeconds();
  private static final long PATIENCE = Http2Clock.PATIENCE.toSeconds();
  private static final long KEEP_ALIVE = Defaults.LIMITS.upstreamKeepAlive().toSeconds();

  private final Origin origin = new Origin(true, "u.example", 443);
  private final EmbeddedChannel client = new EmbeddedChannel();
  private final EmbeddedChannel server =
      new EmbeddedChannel(
          Http2FrameCodecBuilder.forServer()
              .initialSettings(Http2Settings.defaultSettings())
              .build());
  private int pings;
  private @Nullable Throwable failure;

  @BeforeEach
  void connect() {
    client.freezeTime();
    Http2Pipelines.install(client, origin, Defaults.LIMITS);
    client.runPendingTasks();
    exchange();
  }

  @AfterEach
  void end() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
  }

  private Http2Upstream connection() {
    return Objects.requireNonNull(Http2Upstream.of(client));
  }

  /** What both have to say to each other. */
  private void exchange() {
    for (boolean more = true; more; ) {
      more = false;
      for (Object bytes; (bytes = client.readOutbound()) != null; more = true) {
        server.writeInbound(bytes);
      }
      for (Object bytes; (bytes = server.readOutbound()) != null; more = true) {
        client.writeInbound(bytes);
      }
    }
    for (Object frame; (frame = server.readInbound()) != null; ) {
      if (frame instanceof Http2PingFrame) {
        pings++;
      }
      ReferenceCountUtil.release(frame);
    }
  }

  private void pass(long seconds) {
    client.advanceTimeBy(seconds, TimeUnit.SECONDS);
    client.runScheduledPendingTasks();
  }

  private Channel ask() {
    Channel stream = Objects.requireNonNull(connection().open(Defaults.LIMITS));
    stream
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                failure = cause;
              }
            });
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.EMPTY_BUFFER);
    request.headers().set("host", origin.hostHeader());
    stream.writeAndFlush(request);
    exchange();
    return stream;
  }

  @Test
  void aPeerThatHasNothingToSayYetIsAskedWhetherItIsThere() {
    ask();
    pass(SILENCE - 1);
    exchange();
    assertEquals(0, pings);
    for (int i = 1; i <= 10; i++) {
      pass(i == 1 ? 1 : SILENCE);
      exchange();
      assertEquals(i, pings);
    }
    assertTrue(client.isOpen());
    assertNull(failure);
  }

  @Test
  void aPeerThatDoesNotAnswerIsLostWithAllItsStreams() {
    Http2Upstream connection = connection();
    Channel stream = ask();
    pass(SILENCE);
    pass(PATIENCE - 1);
    assertTrue(client.isOpen());
    pass(1);
    assertFalse(client.isOpen());
    assertFalse(stream.isOpen());
    assertEquals(
        "upstream https://u.example: connection lost: no answer to a ping within 15 s",
        failure instanceof UpstreamException lost ? lost.getMessage() : String.valueOf(failure));
    assertFalse(connection.hasRoom());
  }

  @Test
  void anIdleConnectionIsNotAskedButExpires() {
    ask().close();
    exchange();
    assertEquals(0, connection().streams());
    pass(KEEP_ALIVE - 1);
    exchange();
    assertEquals(0, pings);
    assertTrue(client.isOpen());
    pass(1);
    assertFalse(client.isOpen());
  }

  @Test
  void aConnectionWithAStreamDoesNotExpire() {
    pass(KEEP_ALIVE - 1);
    Channel stream = ask();
    for (long time = 0; time < 3 * KEEP_ALIVE; time += SILENCE) {
      pass(SILENCE);
      exchange();
    }
    assertTrue(client.isOpen());
    assertTrue(stream.isOpen());
    assertNotNull(connection().open(Defaults.LIMITS));
  }
}
