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
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The defaults: 60 s inside a request, 600 s between requests. */
final class ClientTimeoutHandlerTest {

  private static final LastHttpContent END = LastHttpContent.EMPTY_LAST_CONTENT;

  private final EmbeddedChannel client = new EmbeddedChannel();

  @BeforeEach
  void connect() {
    client.freezeTime();
    client.pipeline().addLast(new ClientTimeoutHandler(Defaults.LIMITS));
  }

  @AfterEach
  void disconnect() {
    client.finishAndReleaseAll();
  }

  private boolean isOpenAfter(long seconds) {
    client.advanceTimeBy(seconds, TimeUnit.SECONDS);
    client.runScheduledPendingTasks();
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
  void eachPieceOfARequestStartsTheClockAnew() {
    client.writeInbound(post("/"));
    for (int i = 0; i < 5; i++) {
      assertTrue(isOpenAfter(59));
      client.writeInbound(content("piece"));
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
