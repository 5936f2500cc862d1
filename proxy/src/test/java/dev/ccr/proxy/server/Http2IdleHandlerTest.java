package dev.ccr.proxy.server;

import static dev.ccr.proxy.testing.RawHttp2.END_HEADERS;
import static dev.ccr.proxy.testing.RawHttp2.END_STREAM;
import static dev.ccr.proxy.testing.RawHttp2.HEADERS;
import static dev.ccr.proxy.testing.RawHttp2.PING;
import static dev.ccr.proxy.testing.RawHttp2.RST_STREAM;
import static dev.ccr.proxy.testing.RawHttp2.SETTINGS;
import static dev.ccr.proxy.testing.RawHttp2.fields;
import static dev.ccr.proxy.testing.RawHttp2.frame;
import static dev.ccr.proxy.testing.RawHttp2.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.testing.RawHttp2;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class Http2IdleHandlerTest {

  private static final long PATIENCE = Defaults.LIMITS.clientKeepAlive().toSeconds();

  private final EmbeddedChannel channel = new EmbeddedChannel();

  Http2IdleHandlerTest() {
    channel.freezeTime();
    Http2Server.serve(channel, Defaults.LIMITS, stream -> {});
    send(RawHttp2.PREFACE, frame(SETTINGS, 0, 0));
    lastFrame();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void aConnectionWithoutStreamsIsToldGoodbyeAndClosedWhateverItPings() {
    pass(PATIENCE - 1);
    send(frame(PING, 0, 0, new byte[8]));
    assertEquals(PING, lastFrame());
    pass(1);
    assertEquals(RawHttp2.GOAWAY, lastFrame());
    assertFalse(channel.isOpen());
  }

  @Test
  void aConnectionWithAStreamIsLeftAloneAndCountsFromItsEnd() {
    send(
        frame(
            HEADERS, END_HEADERS | END_STREAM, 3,
            fields(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "x")));
    pass(3 * PATIENCE - 1);
    assertTrue(channel.isOpen(), "a stream is open");
    send(frame(RST_STREAM, 0, 3, number(8)));
    pass(PATIENCE - 1);
    assertTrue(channel.isOpen(), "the last stream has just ended");
    pass(1);
    assertFalse(channel.isOpen());
  }

  private void send(byte[]... frames) {
    channel.writeInbound(Unpooled.wrappedBuffer(frames));
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  /** The type of the last frame that has been sent, or -1; all are taken. */
  private int lastFrame() {
    int type = -1;
    for (ByteBuf out; (out = channel.readOutbound()) != null; out.release()) {
      while (out.isReadable()) {
        int length = out.readUnsignedMedium();
        type = out.readUnsignedByte();
        out.skipBytes(1 + 4 + length);
      }
    }
    return type;
  }
}
