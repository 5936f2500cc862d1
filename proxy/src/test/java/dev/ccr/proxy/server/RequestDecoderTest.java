package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.testing.HttpCase;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The default: 30 s for a head. */
final class RequestDecoderTest {

  private static final String HEAD = "GET /health HTTP/1.1\r\nhost: localhost\r\n";

  private final EmbeddedChannel client = codec();

  private static EmbeddedChannel codec() {
    EmbeddedChannel channel =
        new EmbeddedChannel(new ClientCodec(Defaults.LIMITS.clientHeader()));
    channel.freezeTime();
    return channel;
  }

  static Stream<HttpCase> cases() {
    return Stream.of("http1-smuggling.txt", "http1-compliance.txt").flatMap(HttpCase::read);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theMessagesAreTheSameHoweverTheyAreCut(HttpCase given) {
    byte[] octets = (given.octets() + HEAD + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    client.writeInbound(Unpooled.wrappedBuffer(octets));
    String whole = messages(client);
    assertTrue(!whole.isEmpty() || given.ends(), whole);
    for (int size : octets.length > 2_000 ? new int[] {1_460} : new int[] {1, 7}) {
      EmbeddedChannel cut = codec();
      for (int start = 0; start < octets.length; start += size) {
        int length = Math.min(size, octets.length - start);
        cut.writeInbound(Unpooled.copiedBuffer(octets, start, length));
      }
      assertEquals(whole, messages(cut), "pieces of " + size);
      cut.finishAndReleaseAll();
    }
    client.finishAndReleaseAll();
  }

  /** Heads, bodies and failures, in their order. */
  private static String messages(EmbeddedChannel channel) {
    StringBuilder text = new StringBuilder();
    for (Object msg; (msg = channel.readInbound()) != null; ) {
      if (msg instanceof HttpRequest request) {
        text.append(request.method()).append(' ').append(request.uri()).append(' ')
            .append(request.headers().size()).append(failure(request.decoderResult())).append('\n');
      } else if (msg instanceof HttpContent content) {
        text.append(content.content().toString(StandardCharsets.ISO_8859_1))
            .append(msg instanceof LastHttpContent ? ".\n" : "")
            .append(failure(content.decoderResult()));
      }
      ReferenceCountUtil.release(msg);
    }
    return text.toString();
  }

  private static String failure(DecoderResult result) {
    return result.isSuccess() ? "" : " " + result.cause().getMessage();
  }

  private boolean isRefusedAfter(long seconds) {
    client.advanceTimeBy(seconds, TimeUnit.SECONDS);
    client.runScheduledPendingTasks();
    Object msg = client.readInbound();
    if (msg == null) {
      return false;
    }
    assertTrue(msg instanceof FullHttpRequest, msg.toString());
    assertEquals(
        " request headers: not complete after 30 s",
        failure(((FullHttpRequest) msg).decoderResult()));
    ReferenceCountUtil.release(msg);
    return true;
  }

  private void send(String text) {
    client.writeInbound(Samples.bytes(text));
  }

  @Test
  void aHeadThatTricklesIsRefusedWhenItsTimeIsOver() {
    send("G");
    for (int second = 1; second < 30; second++) {
      assertFalse(isRefusedAfter(1));
      send(HEAD.substring(second, second + 1));
    }
    assertTrue(isRefusedAfter(1));
    send(HEAD + "\r\n");
    assertNull(client.readInbound(), "nothing more is read");
    client.finishAndReleaseAll();
  }

  @Test
  void aTimeBelowASecondIsSaidInMilliseconds() {
    EmbeddedChannel hasty = new EmbeddedChannel(new ClientCodec(Duration.ofMillis(250)));
    hasty.freezeTime();
    hasty.writeInbound(Samples.bytes("G"));
    hasty.advanceTimeBy(250, TimeUnit.MILLISECONDS);
    hasty.runScheduledPendingTasks();
    assertEquals(
        "GET /bad-request 0 request headers: not complete after 250 ms\n", messages(hasty));
    hasty.finishAndReleaseAll();
  }

  @Test
  void emptyLinesAreTheBeginningOfAHead() {
    send("\r\n");
    assertFalse(isRefusedAfter(29));
    assertTrue(isRefusedAfter(1));
    client.finishAndReleaseAll();
  }

  @Test
  void aCompleteHeadHasNoMoreTimeToKeep() {
    send("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n");
    assertFalse(isRefusedAfter(29));
    send("\r\nbody");
    client.releaseInbound();
    assertFalse(isRefusedAfter(3600));
    client.finishAndReleaseAll();
  }

  @Test
  void eachHeadHasItsOwnTime() {
    send("G");
    assertFalse(isRefusedAfter(20));
    send(HEAD.substring(1) + "\r\n" + "G");
    client.releaseInbound();
    assertFalse(isRefusedAfter(29));
    assertTrue(isRefusedAfter(1));
    client.finishAndReleaseAll();
  }

  @Test
  void theTimeInWhichTheRouterDoesNotReadIsNotTheClients() {
    send("G");
    client.config().setAutoRead(false);
    assertFalse(isRefusedAfter(3600));
    client.config().setAutoRead(true);
    assertTrue(isRefusedAfter(30));
    client.finishAndReleaseAll();
  }

  @Test
  void nothingIsPendingOnceTheClientHasLeft() {
    send("G");
    client.close();
    assertEquals(-1, client.runScheduledPendingTasks());
    client.finishAndReleaseAll();
  }
}
