package dev.ccr.proxy.server;

import static dev.ccr.proxy.server.Samples.content;
import static dev.ccr.proxy.server.Samples.post;
import static dev.ccr.proxy.server.Samples.response;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The defaults: 60 s inside a request, 4,096 bytes a second behind its first 60 s; 600 s between
 * requests; 300 s without a byte taken.
 */
final class ClientTimeoutHandlerTest {

  private static final LastHttpContent END = LastHttpContent.EMPTY_LAST_CONTENT;

  private final SlowReader client = new SlowReader();

  @BeforeEach
  void connect() {
    client.freezeTime();
    client.pipeline().addLast(new ClientTimeoutHandler(Defaults.LIMITS));
  }

  @AfterEach
  void disconnect() {
    client.finishAndReleaseAll();
  }

  /** A channel whose socket takes what it is told to. */
  private static final class SlowReader extends EmbeddedChannel {
    private int takes = Integer.MAX_VALUE;

    void take(int bytes) {
      takes = bytes;
      flush();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) {
      while (waiting.current() instanceof ByteBuf next && takes > 0) {
        int taken = Math.min(takes, next.readableBytes());
        takes -= taken;
        waiting.removeBytes(taken);
      }
      while (waiting.current() != null && !(waiting.current() instanceof ByteBuf)) {
        waiting.remove(); // heads and ends, which a codec would have made bytes of
      }
    }
  }

  private void answer(int bytes) {
    client.write(response(200));
    client.writeAndFlush(client.alloc().buffer(bytes).writeZero(bytes));
  }

  @Test
  void anAnswerOfWhichTheClientTakesNothingIsGivenUp() {
    client.writeInbound(post("/"), END);
    client.take(0);
    answer(100);
    assertTrue(isOpenAfter(300));
    assertFalse(isOpenAfter(75));
    assertDoesNotThrow(client::checkException, "there is nobody to tell");
  }

  @Test
  void aClientThatTakesAByteNowAndThenKeepsItsConnection() {
    client.writeInbound(post("/"), END);
    client.take(0);
    answer(100);
    for (int i = 0; i < 20; i++) {
      assertTrue(isOpenAfter(290));
      client.take(1);
    }
    client.take(Integer.MAX_VALUE);
    assertTrue(isOpenAfter(36_000), "nothing waits any more");
  }

  @Test
  void whatComesBehindDoesNotHideThatNothingIsTaken() {
    client.writeInbound(post("/"), END);
    client.take(0);
    for (int i = 0; i < 3; i++) {
      answer(100);
      assertTrue(isOpenAfter(100));
    }
    assertFalse(isOpenAfter(75));
  }

  @Test
  void theEndOfAnAnswerMayBeTakenSlowlyToo() {
    client.writeInbound(post("/"), END);
    client.take(0);
    answer(100);
    client.writeAndFlush(END);
    for (int i = 0; i < 10; i++) {
      assertTrue(isOpenAfter(250), "a connection idles only when all is taken");
      client.take(1);
    }
    assertFalse(isOpenAfter(375));
  }

  @Test
  void aBodyThatTricklesIsRefused() {
    client.writeInbound(post("/"));
    for (int second = 1; second <= 60; second++) {
      assertTrue(isOpenAfter(1));
      client.writeInbound(content("x"));
    }
    assertTrue(isOpenAfter(1));
    RequestException failure =
        assertThrows(RequestException.class, () -> client.writeInbound(content("x")));
    assertFalse(client.isOpen());
    assertEquals(408, failure.status());
    assertEquals(
        "request body: 61 bytes in 61 s (expected: 4096 a second behind the first 60 s)",
        failure.getMessage());
  }

  @Test
  void aLargeBodyMayTakeItsTime() {
    client.writeInbound(post("/"));
    String piece = "x".repeat(4096);
    for (int second = 0; second < 3600; second++) {
      assertTrue(isOpenAfter(1));
      client.writeInbound(content(piece));
      client.releaseInbound();
    }
    client.writeInbound(END);
    assertTrue(client.isOpen());
  }

  private boolean isOpenAfter(long seconds) {
    for (long second = 0; second < seconds; second++) {
      client.advanceTimeBy(1, TimeUnit.SECONDS);
      client.runScheduledPendingTasks();
    }
    return client.isOpen();
  }

  @Test
  void aConnectionMayIdleForSoLong() {
    assertTrue(isOpenAfter(599));
    assertFalse(isOpenAfter(1));
    assertDoesNotThrow(client::checkException, "nobody waits for an answer");
  }

  @Test
  void aRequestThatStandsStillIsAnsweredAndTheConnectionClosed() {
    client.writeInbound(post("/"), content("half"));
    assertTrue(isOpenAfter(59));
    assertFalse(isOpenAfter(1));
    RequestException failure = assertThrows(RequestException.class, client::checkException);
    assertEquals(408, failure.status());
    assertEquals(ApiErrorType.TIMEOUT, failure.type());
    assertEquals("request body: nothing came for 60 s", failure.getMessage());
  }

  @Test
  void aTimeBelowASecondIsSaidInMilliseconds() {
    client.pipeline().removeFirst();
    client
        .pipeline()
        .addLast(
            new ClientTimeoutHandler(
                Defaults.LIMITS.toBuilder().clientRequest(Duration.ofMillis(250)).build()));
    client.writeInbound(post("/"), content("half"));
    assertFalse(isOpenAfter(1));
    RequestException failure = assertThrows(RequestException.class, client::checkException);
    assertEquals("request body: nothing came for 250 ms", failure.getMessage());
  }

  @Test
  void aBodyThatTricklesBehindAShortTimeIsToldThat() {
    client.pipeline().removeFirst();
    client
        .pipeline()
        .addLast(
            new ClientTimeoutHandler(
                Defaults.LIMITS.toBuilder().clientRequest(Duration.ofMillis(1500)).build()));
    client.writeInbound(post("/"));
    for (int second = 0; second < 2; second++) {
      assertTrue(isOpenAfter(1));
      client.writeInbound(content("x"));
    }
    assertTrue(isOpenAfter(1));
    RequestException failure =
        assertThrows(RequestException.class, () -> client.writeInbound(content("x")));
    assertEquals(
        "request body: 3 bytes in 3 s (expected: 4096 a second behind the first 1500 ms)",
        failure.getMessage());
  }

  @Test
  void eachPieceOfARequestStartsTheClockAnew() {
    client.writeInbound(post("/"));
    String piece = "x".repeat(59 * 4096);
    for (int i = 0; i < 5; i++) {
      assertTrue(isOpenAfter(59));
      client.writeInbound(content(piece));
    }
    assertTrue(client.isOpen());
  }

  @Test
  void anAnswerMayTakeAnyTime() {
    client.writeInbound(post("/"), END);
    for (int hour = 0; hour < 10; hour++) {
      assertTrue(isOpenAfter(3600));
    }
    assertDoesNotThrow(client::checkException);
  }

  @Test
  void theTimeBetweenRequestsCountsFromTheEndOfTheAnswer() {
    client.writeInbound(post("/"), END);
    assertTrue(isOpenAfter(599));
    client.writeOutbound(response(200), END);
    assertTrue(isOpenAfter(599));
    assertFalse(isOpenAfter(1));
  }

  @Test
  void theNextRequestHasItsOwnTime() {
    client.writeInbound(post("/1"), END);
    client.writeOutbound(response(200), END);
    assertTrue(isOpenAfter(599));
    client.writeInbound(post("/2"));
    assertTrue(isOpenAfter(59));
    assertFalse(isOpenAfter(1));
    assertThrows(RequestException.class, client::checkException);
  }

  @Test
  void aRequestThatWasAnsweredEarlyAndStandsStillIsClosedWithoutASecondAnswer() {
    client.writeInbound(post("/"));
    client.writeOutbound(response(413), END);
    assertFalse(isOpenAfter(60));
    assertDoesNotThrow(client::checkException);
  }

  @Test
  void anInterimAnswerIsNotTheAnswer() {
    client.writeInbound(post("/"));
    client.writeOutbound(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    client.writeInbound(END);
    assertTrue(isOpenAfter(600), "the answer is still under way");
    assertTrue(isOpenAfter(600));
  }

  @Test
  void nothingIsPendingOnceTheClientHasLeft() {
    client.writeInbound(post("/"));
    client.close();
    assertEquals(-1, client.runScheduledPendingTasks());
  }
}
