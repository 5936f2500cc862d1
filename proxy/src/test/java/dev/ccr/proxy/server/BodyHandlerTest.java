package dev.ccr.proxy.server;

import static dev.ccr.proxy.server.Samples.content;
import static dev.ccr.proxy.server.Samples.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.testing.Cuts;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyHandlerTest {

  private static final int LIMIT = 10;
  private static final LastHttpContent END = LastHttpContent.EMPTY_LAST_CONTENT;

  private final AtomicReference<Snapshot> snapshot =
      new AtomicReference<>(Samples.snapshotWithBodyLimit(LIMIT));
  private final EmbeddedChannel client =
      new EmbeddedChannel(new BodyHandler(snapshot::get, Samples.log()));

  private static HttpRequest announcing(long length) {
    HttpRequest request = post("/v1/messages");
    request.headers().set("content-length", length);
    return request;
  }

  /** The body of the exchange that was handed on. */
  private String body() {
    Exchange exchange = client.readInbound();
    String body = exchange.body().toString(UTF_8);
    exchange.release();
    return body;
  }

  @Test
  void aBodyIsTheSameInHoweverManyPiecesItComes() {
    String text = "{\"a\": 1}";
    Cuts.of(text.length())
        .forEach(
            cuts -> {
              client.writeInbound(post("/v1/messages"));
              Cuts.cut(text.getBytes(UTF_8), cuts)
                  .forEach(piece -> client.writeInbound(content(new String(piece, UTF_8))));
              assertNull(client.readInbound(), "nothing is handed on before the end");
              client.writeInbound(END);
              assertEquals(text, body());
            });
    assertFalse(client.finish());
  }

  @Test
  void aRequestWithoutABodyHasAnEmptyOne() {
    client.writeInbound(post("/v1/messages"), END);
    assertEquals("", body());
    assertFalse(client.finish());
  }

  @Test
  void aBodyAtTheLimitIsTaken() {
    client.writeInbound(announcing(LIMIT), content("0123456789"), END);
    assertEquals("0123456789", body());
    assertFalse(client.finish());
  }

  @Test
  void anAnnouncedLengthOverTheLimitIsRefusedBeforeAnyOfTheBody() {
    RequestException failure =
        assertThrows(RequestException.class, () -> client.writeInbound(announcing(LIMIT + 1)));
    assertEquals(413, failure.status());
    assertEquals(ApiErrorType.REQUEST_TOO_LARGE, failure.type());
    assertEquals(
        "request body: 11 bytes (expected: at most 10 bytes)", failure.getMessage());
    client.writeInbound(content("0123456789a"), END);
    assertFalse(client.finish(), "what comes of it all the same is dropped");
  }

  @Test
  void lengthsBeyondTheRangeOfAnIntAreRefusedToo() {
    assertThrows(
        RequestException.class, () -> client.writeInbound(announcing(Long.MAX_VALUE)));
    assertFalse(client.finish());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0123456789a", "01234|56789a", "0123456789|a", "a||||0123456789"})
  void aBodyThatGrowsOverTheLimitIsRefusedAndDropped(String pieces) {
    client.writeInbound(post("/v1/messages"));
    RequestException failure =
        assertThrows(
            RequestException.class,
            () -> {
              for (String piece : pieces.split("\\|", -1)) {
                client.writeInbound(content(piece));
              }
            });
    assertEquals(413, failure.status());
    assertEquals(
        "request body: more (expected: at most 10 bytes)", failure.getMessage());
    client.writeInbound(content("b"), END);
    assertFalse(client.finish(), "no exchange comes of it");
  }

  @Test
  void theNextRequestAfterARefusedOneIsTaken() {
    assertThrows(RequestException.class, () -> client.writeInbound(announcing(LIMIT + 1)));
    client.writeInbound(END, post("/v1/messages"), content("a"), END);
    assertEquals("a", body());
    assertFalse(client.finish());
  }

  @Test
  void aClientThatWaitsForLeaveToSendItsBodyGetsIt() {
    HttpRequest request = announcing(1);
    request.headers().set("expect", "100-continue");
    client.writeInbound(request);
    FullHttpResponse leave = client.readOutbound();
    assertEquals(HttpResponseStatus.CONTINUE, leave.status());
    leave.release();
    client.writeInbound(content("a"), END);
    assertEquals("a", body());
    assertFalse(client.finish());
  }

  @Test
  void aClientThatWaitsForLeaveToSendTooMuchDoesNotGetIt() {
    HttpRequest request = announcing(LIMIT + 1);
    request.headers().set("expect", "100-continue");
    assertThrows(RequestException.class, () -> client.writeInbound(request));
    assertFalse(client.finish());
  }

  @Test
  void halfABodyIsReleasedWhenTheClientLeaves() {
    HttpContent piece = content("half");
    client.writeInbound(post("/v1/messages"), piece);
    assertEquals(0, piece.refCnt());
    assertFalse(client.finish()); // the leak check sees what was collected
  }

  @Test
  void anExchangeKeepsTheConfigurationItBeganWith() {
    Snapshot first = snapshot.get();
    client.writeInbound(post("/v1/messages"));
    snapshot.set(Samples.snapshotWithBodyLimit(1));
    client.writeInbound(content("0123456789"), END);
    Exchange exchange = client.readInbound();
    assertEquals(first, exchange.snapshot());
    exchange.release();
  }
}
