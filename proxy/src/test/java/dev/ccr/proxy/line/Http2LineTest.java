package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Fixture;
import dev.ccr.proxy.testing.RawHttp2;
import dev.ccr.proxy.testing.RawHttp2.Answer;
import dev.ccr.proxy.testing.Router;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamTls;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The line where a client speaks HTTP/2 without TLS: a stream is what a connection was. */
final class Http2LineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Fixture CLAUDE = new Fixture("anthropic", "stream");

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anEventReachesTheClientWhileTheUpstreamHoldsTheNext(Transport transport) throws Exception {
    Gate gate = new Gate();
    Reply reply =
        Reply.sse().chunk(Chat.text("one")).await(gate).chunk(Chat.text("two") + Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream, transport, new UpstreamTls());
        RawHttp2 client = RawHttp2.open(router)) {
      int stream = client.post(Chat.request("x", true));
      client.awaitText(stream, "one");
      assertFalse(gate.isOpen(), "the first text must come before the upstream goes on");
      gate.open();
      Answer answer = client.answer(stream);
      assertTrue(answer.body().contains("event: message_stop\n"), answer.body());
      assertEquals("END", answer.end());
    }
  }

  @Test
  void aClaudeUpstreamGetsTheClientsBytesAndTheClientTheUpstreams() throws Exception {
    String body = new String(CLAUDE.upstreamAnswer(), StandardCharsets.UTF_8);
    Reply reply =
        Reply.status(200)
            .header("content-type", "text/event-stream; charset=utf-8")
            .header("request-id", "req_upstream")
            .header("connection", "keep-alive, x-hop")
            .header("keep-alive", "timeout=5")
            .header("x-hop", "1")
            .cut(CLAUDE.upstreamAnswer(), 7)
            .end();
    try (MockUpstream upstream = MockUpstream.start(r -> reply);
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      Answer answer =
          client.answer(
              client.post(
                  new String(CLAUDE.bytes("claude-request.json"), StandardCharsets.UTF_8),
                  "anthropic-beta", "a-2026", "cookie", "c=d"));
      assertEquals(body, answer.body());
      assertEquals("req_upstream", answer.headers().get("request-id"));
      for (String name : List.of("connection", "keep-alive", "transfer-encoding", "x-hop")) {
        assertFalse(answer.headers().containsKey(name), name);
      }
      MockRequest sent = upstream.requests().getFirst();
      assertArrayEquals(CLAUDE.bytes("upstream-request.json"), sent.bytes());
      assertEquals("a-2026", sent.headers().get("anthropic-beta"));
      assertFalse(sent.headers().contains("cookie"));
    }
  }

  @ParameterizedTest
  @CsvSource({"/health, 200", "/api/hello, 200", "/v1/models, 401"})
  void anAnswerToHeadHasNoContent(String path, String status) throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      Answer answer = client.answer(client.ask("HEAD", path));
      assertEquals(status, answer.status());
      assertEquals("", answer.body());
      assertEquals("END", answer.end());
      assertFalse(client.answer(client.get(path)).body().isEmpty());
    }
  }

  @Test
  void aStreamOfWhichTheClientTakesNothingIsGivenUpAndItsUpstreamToo() throws Exception {
    Reply endless = Reply.sse().endless(Chat.text("word ".repeat(1_000)));
    try (MockUpstream upstream = MockUpstream.start(request -> endless);
        Router router = Router.start(upstream, "\"CLIENT_WRITE_TIMEOUT_MS\": 500,");
        RawHttp2 client = RawHttp2.open(router)) {
      client.keepWindowsShut();
      Answer answer = client.answer(client.post(Chat.request("x", true)));
      assertEquals("RST 2", answer.end());
      upstream.awaitConnections(0, PATIENCE);
    }
  }

  @Test
  void anErrorOfTheUpstreamsArrivesAsItIs() throws Exception {
    String body = "{\"error\":{\"message\":\"Rate limit reached\",\"code\":\"x\"}}\n";
    Reply reply = Reply.status(429).header("retry-after", "17").chunk(body).end();
    try (MockUpstream upstream = MockUpstream.start(r -> reply);
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      Answer answer = client.answer(client.post(Chat.request("m", true)));
      assertEquals("429", answer.status());
      assertEquals("17", answer.headers().get("retry-after"));
      assertEquals(body, answer.body());
      assertEquals("END", answer.end());
    }
  }

  @Test
  void aStreamThatBreaksEndsWithAnErrorAndAnAnswerThatBreaksIsReset() throws Exception {
    Reply cutError = Reply.status(500).header("content-length", "100").chunk("half").close();
    try (MockUpstream upstream =
            MockUpstream.start(
                r ->
                    r.body().contains("\"stream\":true")
                        ? Reply.sse().chunk(Chat.text("a")).reset()
                        : cutError);
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      Answer stream = client.answer(client.post(Chat.request("m", true)));
      String last = stream.body().substring(stream.body().lastIndexOf("event: "));
      assertTrue(last.startsWith("event: error\n"), stream.body());
      assertEquals("END", stream.end());
      Answer cut = client.answer(client.post(Chat.request("m", false)));
      assertEquals("RST 2", cut.end(), "INTERNAL_ERROR, since some take CANCEL for an end");
      assertEquals("200", client.answer(client.get("/health")).status());
    }
  }

  @Test
  void refusalsAreAnswersAndTheirStreamsEnd() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      Answer noModel = client.answer(client.post(Chat.request("nobody,x", true)));
      assertEquals("404", noModel.status());
      Answer noPath = client.answer(client.get("/nowhere"));
      assertEquals("401", noPath.status(), "who has no key is not told what there is");
      Answer large = client.answer(client.begin("content-length", String.valueOf(64 << 20)));
      assertEquals("413", large.status());
      assertTrue(large.body().contains("request_too_large"), large.body());
      Answer expects =
          client.answer(
              client.begin("content-length", String.valueOf(64 << 20), "expect", "100-continue"));
      assertEquals("413", expects.status());
      assertEquals(0, upstream.acceptedConnections());
    }
  }

  @Test
  void whoeverWaitsForContinueIsToldTo() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      int stream = client.begin("expect", "100-continue");
      client.awaitHeaders(stream);
      assertEquals("100", client.soFar(stream).status());
      client.send(
          RawHttp2.frame(
              RawHttp2.DATA, RawHttp2.END_STREAM, stream,
              Chat.request("openai,hello", false).getBytes(StandardCharsets.UTF_8)));
      assertEquals("200", client.answer(stream).status());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aStreamThatIsResetClosesItsUpstreamAtOnceAndNoOther(Transport transport) throws Exception {
    try (MockUpstream upstream =
            MockUpstream.start(
                r ->
                    r.body().contains("silent")
                        ? Reply.silence()
                        : Reply.sse().chunk(Chat.text("one")).await(new Gate()).end());
        Router router = Router.start(upstream, transport, new UpstreamTls());
        RawHttp2 client = RawHttp2.open(router)) {
      int silent = client.post(Chat.request("openai,silent", true));
      int first = client.post(Chat.request("openai,m", true));
      int second = client.post(Chat.request("openai,m", true));
      client.awaitText(first, "one");
      client.awaitText(second, "one");
      upstream.awaitRequests(3, PATIENCE);
      assertEquals(3, upstream.openConnections());
      client.send(reset(silent));
      upstream.awaitConnections(2, PATIENCE);
      client.send(reset(first));
      upstream.awaitConnections(1, PATIENCE);
      assertEquals("200", client.answer(client.get("/health")).status());
      assertEquals("", client.soFar(second).end());
    }
  }

  @Test
  void aConnectionThatClosesClosesTheUpstreamsOfAllItsStreams() throws Exception {
    try (MockUpstream upstream =
            MockUpstream.start(r -> Reply.sse().chunk(Chat.text("one")).await(new Gate()).end());
        Router router = Router.start(upstream)) {
      try (RawHttp2 client = RawHttp2.open(router)) {
        for (int i = 0; i < 5; i++) {
          client.awaitText(client.post(Chat.request("openai,m", true)), "one");
        }
        assertEquals(5, upstream.openConnections());
      }
      upstream.awaitConnections(0, PATIENCE);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aStreamThatIsNotReadStopsItsUpstreamAndNoOther(Transport transport) throws Exception {
    String chunk = Chat.text("x".repeat(16_000));
    try (MockUpstream upstream =
            MockUpstream.start(
                r ->
                    r.body().contains("endless")
                        ? Reply.sse().endless(chunk)
                        : Reply.sse(List.of(Chat.text("short"), Chat.DONE)));
        Router router = Router.start(upstream, transport, new UpstreamTls());
        RawHttp2 client = RawHttp2.open(router)) {
      client.send( // the connection's window shall not be what stops it
          RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(1 << 24)));
      client.keepWindowsShut();
      int endless = client.post(Chat.request("openai,endless", true));
      upstream.awaitStalled(1, PATIENCE);
      assertTrue(upstream.bytesSent() < 64 << 20, "bounded by sockets, not by memory");
      Answer other = client.answer(client.post(Chat.request("openai,m", true)));
      assertTrue(other.body().contains("short"), other.body());
      assertEquals("END", other.end());
      client.send(reset(endless));
      upstream.awaitStalled(0, PATIENCE);
    }
  }

  @Test
  void manyStreamsAtATimeAreAnsweredEachWithItsOwn() throws Exception {
    Gate gate = new Gate();
    try (MockUpstream upstream =
            MockUpstream.start(
                r ->
                    Reply.sse()
                        .await(gate)
                        .chunk(Chat.text(r.body().replaceAll(".*\"(m\\d+)\".*", "$1")) + Chat.DONE)
                        .end());
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      List<Integer> streams = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        streams.add(client.post(Chat.request("openai,m" + i, true)));
      }
      upstream.awaitRequests(100, PATIENCE);
      gate.open();
      for (int i = 0; i < 100; i++) {
        Answer answer = client.answer(streams.get(i));
        assertTrue(answer.body().contains("\"text\":\"m" + i + "\""), answer.body());
      }
    }
  }

  @Test
  void aLargeBodyComesThroughWhole() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(r -> Reply.sse(List.of(Chat.DONE)));
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      String text = "x".repeat(2 << 20);
      int stream = client.begin();
      byte[] body =
          Chat.request("openai,m", true).replace("Hello", text).getBytes(StandardCharsets.UTF_8);
      client.upload(stream, body);
      client.answer(stream);
      assertTrue(upstream.requests().getFirst().body().contains(text));
    }
  }

  @Test
  void aRequestIsCountedOnceAndAConnectionOnceWhateverItsStreams() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream);
        RawHttp2 client = RawHttp2.open(router)) {
      for (int i = 0; i < 3; i++) {
        client.answer(client.post(Chat.request("openai,hello", true)));
      }
      int left = client.post(Chat.request("openai,slow", true));
      client.awaitText(left, "text_delta");
      client.send(reset(left));
      upstream.awaitConnections(0, PATIENCE); // it had taken the pooled one
      String metrics = client.answer(client.get("/metrics")).body();
      assertTrue(metrics.contains("\nccr_client_connections 1.0\n"), metrics);
      assertTrue(metrics.contains("\nccr_requests_in_flight 0.0\n"), metrics);
      assertEquals(
          3,
          metrics
              .lines()
              .filter(line -> line.startsWith("ccr_requests_total{") && line.contains("hello"))
              .mapToDouble(line -> Double.parseDouble(line.replaceAll(".* ", "")))
              .sum());
      assertTrue(metrics.contains("client_left"), metrics);
    }
  }

  /** The JDK's client asks for an upgrade when there is no TLS: it stays with HTTP/1.1. */
  @Test
  void aWishToUpgradeIsNotHeard() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream);
        HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<String> response =
          client.send(
              router.request("/health").GET().build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(HttpClient.Version.HTTP_1_1, response.version());
      assertEquals(200, response.statusCode());
    }
  }

  @Test
  void aPrefaceInPiecesIsKnownAndARequestInPiecesToo() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream);
        RawHttp2 client = new RawHttp2(router.connect());
        Socket other = router.connect()) {
      for (byte b : RawHttp2.PREFACE) {
        client.send(new byte[] {b});
      }
      client.send(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0));
      assertEquals("200", client.answer(client.get("/health")).status());
      String put = "PUT /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
      for (byte b : put.getBytes(StandardCharsets.US_ASCII)) {
        other.getOutputStream().write(b);
      }
      byte[] start = other.getInputStream().readNBytes(12);
      assertEquals("HTTP/1.1 401", new String(start, StandardCharsets.US_ASCII));
    }
  }

  private static byte[] reset(int stream) {
    return RawHttp2.frame(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(8));
  }
}
