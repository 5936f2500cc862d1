package dev.ccr.proxy.mock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of step puts on the wire. */
final class ReplyTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CHUNKED_HEAD =
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

  private @Nullable MockUpstream mock;

  private MockUpstream play(Reply reply) {
    mock = MockUpstream.start(request -> reply);
    return mock;
  }

  @AfterEach
  void close() {
    if (mock != null) {
      mock.close();
    }
  }

  @Test
  void chunksArriveWhileALaterGateIsClosed() throws Exception {
    Gate gate = new Gate();
    Reply reply = Reply.status(200).chunk("one").chunk("two").await(gate).chunk("three").end();
    try (RawClient client = new RawClient(play(reply)).send(RawClient.GET)) {
      assertEquals(CHUNKED_HEAD + "3\r\none\r\n3\r\ntwo\r\n", client.readUntil("two\r\n"));
      assertFalse(gate.isOpen());
      assertEquals("", client.readUntilSilence(), "the gate is closed");
      gate.open();
      assertEquals("5\r\nthree\r\n0\r\n\r\n", client.readUntil("\r\n0\r\n\r\n"));
    }
  }

  @Test
  void headArrivesBeforeAnyChunk() throws Exception {
    Gate gate = new Gate();
    Reply reply = Reply.status(200).header("x-test", "yes").await(gate).chunk("late").end();
    try (RawClient client = new RawClient(play(reply)).send(RawClient.GET)) {
      assertEquals(
          "HTTP/1.1 200 OK\r\nx-test: yes\r\ntransfer-encoding: chunked\r\n\r\n",
          client.readUntil("\r\n\r\n"));
      gate.open();
      client.readUntil("late\r\n0\r\n\r\n");
    }
  }

  @Test
  void openGateHoldsNobody() throws Exception {
    Gate gate = new Gate();
    gate.open();
    gate.open();
    assertTrue(gate.isOpen());
    MockUpstream upstream = play(Reply.status(200).await(gate).chunk("through").end());
    assertEquals("through", get(upstream).body());
  }

  @Test
  void oneGateHoldsManyConnections() throws Exception {
    Gate gate = new Gate();
    MockUpstream upstream = play(Reply.status(200).chunk("in").await(gate).chunk("out").end());
    try (RawClient first = new RawClient(upstream).send(RawClient.GET);
        RawClient second = new RawClient(upstream).send(RawClient.GET)) {
      first.readUntil("in\r\n");
      second.readUntil("in\r\n");
      try (RawClient third = new RawClient(upstream).send(RawClient.GET)) {
        third.readUntil("in\r\n"); // and leaves while it waits
      }
      upstream.awaitConnections(2, SOON);
      gate.open();
      first.readUntil("out\r\n0\r\n\r\n");
      second.readUntil("out\r\n0\r\n\r\n");
    }
  }

  @Test
  void pauseTakesItsTime() throws Exception {
    Reply reply = Reply.status(200).chunk("a").pause(Duration.ofMillis(120)).chunk("b").end();
    MockUpstream upstream = play(reply);
    long start = System.nanoTime();
    assertEquals("ab", get(upstream).body());
    assertTrue(System.nanoTime() - start >= 120_000_000L);
  }

  @Test
  void clientMayLeaveDuringAPause() throws Exception {
    MockUpstream upstream =
        play(Reply.status(200).chunk("a").pause(Duration.ofDays(1)).chunk("b").end());
    try (RawClient client = new RawClient(upstream).send(RawClient.GET)) {
      client.readUntil("a\r\n");
    }
    upstream.awaitConnections(0, SOON);
  }

  @Test
  void closeEndsTheBodyTooSoon() throws Exception {
    Reply reply = Reply.status(200).chunk("half").close();
    try (RawClient client = new RawClient(play(reply)).send(RawClient.GET)) {
      assertEquals(CHUNKED_HEAD + "4\r\nhalf\r\n", client.readAll(), "no last chunk, but a FIN");
    }
    assertThrows(IOException.class, () -> get(upstream()));
  }

  @Test
  void resetComesAfterWhatWasSent() throws Exception {
    Gate gate = new Gate();
    Reply reply = Reply.status(200).chunk("half").await(gate).reset();
    try (RawClient client = new RawClient(play(reply)).send(RawClient.GET)) {
      client.readUntil("half\r\n");
      gate.open();
      assertThrows(SocketException.class, client::read);
    }
  }

  @Test
  void faultsBeforeTheHead() throws Exception {
    mock =
        MockUpstream.start(
            request ->
                switch (request.path()) {
                  case "/reset" -> Reply.resetAtOnce();
                  case "/close" -> Reply.closeAtOnce();
                  default -> Reply.silence();
                });
    try (RawClient reset = new RawClient(upstream()).send("GET /reset HTTP/1.1\r\n\r\n");
        RawClient close = new RawClient(upstream()).send("GET /close HTTP/1.1\r\n\r\n");
        RawClient silence = new RawClient(upstream()).send("GET /silence HTTP/1.1\r\n\r\n")) {
      assertThrows(SocketException.class, reset::read);
      assertEquals(-1, close.read());
      assertEquals("", silence.readUntilSilence());
      upstream().awaitConnections(1, SOON);
    }
    upstream().awaitConnections(0, SOON);
  }

  @Test
  void hangLastsUntilTheClientLeaves() throws Exception {
    MockUpstream upstream = play(Reply.status(200).chunk("half").hang());
    try (RawClient client = new RawClient(upstream).send(RawClient.GET)) {
      client.readUntil("half\r\n");
      assertEquals("", client.readUntilSilence());
      assertEquals(1, upstream.openConnections());
    }
    upstream.awaitConnections(0, SOON);
  }

  @Test
  void rawBytesBypassHttp() throws Exception {
    Reply broken = Reply.status(200).chunk("fine").raw("zz\r\nnot hex\r\n").close();
    try (RawClient client = new RawClient(play(broken)).send(RawClient.GET)) {
      assertEquals(CHUNKED_HEAD + "4\r\nfine\r\nzz\r\nnot hex\r\n", client.readAll());
    }
  }

  @Test
  void rawBytesMayStandInPlaceOfTheHead() throws Exception {
    try (RawClient client =
        new RawClient(play(Reply.raw("HTTP/1.1 banana\r\n\r\n").close())).send(RawClient.GET)) {
      assertEquals("HTTP/1.1 banana\r\n\r\n", client.readAll());
    }
  }

  @Test
  void contentLengthMayBeWrong() throws Exception {
    Reply reply = Reply.status(200).header("Content-Length", "10").chunk("short").close();
    try (RawClient client = new RawClient(play(reply)).send(RawClient.GET)) {
      assertEquals("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", client.readAll());
    }
    assertThrows(IOException.class, () -> get(upstream()));
  }

  @Test
  void bodilessStatusHasNoFraming() throws Exception {
    try (RawClient client = new RawClient(play(Reply.status(204).end())).send(RawClient.GET)) {
      assertEquals("HTTP/1.1 204 No Content\r\n\r\n", client.readUntil("\r\n\r\n"));
      assertEquals("", client.readUntilSilence());
    }
  }

  @Test
  void eventsArriveAsAnEventStream() throws Exception {
    MockUpstream upstream = play(Reply.sse(List.of("data: 1\n\n", "data: 2\n\n")));
    HttpResponse<String> response = get(upstream);
    assertEquals("data: 1\n\ndata: 2\n\n", response.body());
    assertEquals(
        "text/event-stream; charset=utf-8",
        response.headers().firstValue("content-type").orElseThrow());
  }

  @Test
  void jsonHasItsLengthInBytes() throws Exception {
    MockUpstream upstream = play(Reply.json(418, "{\"a\":\"\u00e9\"}"));
    HttpResponse<String> response = get(upstream);
    assertEquals(418, response.statusCode());
    assertEquals("{\"a\":\"\u00e9\"}", response.body());
    assertEquals("10", response.headers().firstValue("content-length").orElseThrow());
  }

  @Test
  void eachPieceOfACutIsAChunk() throws Exception {
    Reply reply = Reply.sseCut("abcde".getBytes(StandardCharsets.UTF_8), 2);
    try (RawClient client = new RawClient(play(reply)).send(RawClient.GET)) {
      client.readUntil("\r\n\r\n");
      assertEquals("2\r\nab\r\n2\r\ncd\r\n1\r\ne\r\n0\r\n\r\n", client.readUntil("\r\n0\r\n\r\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1400, 65_537, 200_000, Integer.MAX_VALUE})
  void cutBodyArrivesWhole(int size) throws Exception {
    byte[] body = new byte[200_000];
    new Random(size).nextBytes(body);
    MockUpstream upstream = play(Reply.sseCut(body, size));
    try (HttpClient client = client()) {
      assertArrayEquals(
          body, client.send(request(upstream), BodyHandlers.ofByteArray()).body());
    }
    upstream.close();
    assertEquals(body.length, upstream.bytesSent(), "payload only");
  }

  @Test
  void builderRefusesWhatCannotBeSaid() {
    assertThrows(IllegalArgumentException.class, () -> Reply.status(99));
    assertThrows(IllegalArgumentException.class, () -> Reply.sseCut(new byte[1], 0));
    assertThrows(IllegalArgumentException.class, () -> Reply.sse().endless(""));
    assertThrows(IllegalStateException.class, () -> Reply.status(304).chunk("body"));
    assertThrows(IllegalStateException.class, () -> Reply.status(200).chunk("a").header("b", "c"));
    assertThrows(IllegalStateException.class, () -> Reply.raw("a").header("b", "c"));
  }

  private MockUpstream upstream() {
    if (mock == null) {
      throw new AssertionError("not started");
    }
    return mock;
  }

  private static HttpResponse<String> get(MockUpstream upstream)
      throws IOException, InterruptedException {
    try (HttpClient client = client()) {
      return client.send(request(upstream), BodyHandlers.ofString());
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static HttpRequest request(MockUpstream upstream) {
    return HttpRequest.newBuilder(URI.create(upstream.url("/any"))).timeout(SOON).build();
  }
}
