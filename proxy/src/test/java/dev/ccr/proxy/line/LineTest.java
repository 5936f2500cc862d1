package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.skipTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.ReplyBuilder;
import dev.ccr.proxy.mock.Script;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Fixture;
import dev.ccr.proxy.testing.Router;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamTls;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole line over real sockets: what a client sends, what an upstream sends, who gets what. */
final class LineTest {

  private static final Fixture CLAUDE = new Fixture("anthropic", "stream");

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anEventReachesTheClientWhileTheUpstreamHoldsTheNext(Transport transport) throws Exception {
    Gate gate = new Gate();
    Reply reply =
        Reply.sse().chunk(Chat.text("one")).await(gate).chunk(Chat.text("two") + Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream, transport, new UpstreamTls());
        var body =
            router
                .send(
                    router
                        .request("/v1/messages")
                        .POST(HttpRequest.BodyPublishers.ofString(Chat.request("x", true)))
                        .build(),
                    HttpResponse.BodyHandlers.ofInputStream())
                .body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      skipTo(lines, "one");
      gate.open();
      assertTrue(lines.lines().anyMatch("event: message_stop"::equals));
    }
  }

  @Test
  void aClaudeUpstreamGetsTheClientsBytesAndTheClientTheUpstreams() throws Exception {
    String answer = new String(CLAUDE.upstreamAnswer(), StandardCharsets.UTF_8);
    String request = new String(CLAUDE.bytes("claude-request.json"), StandardCharsets.UTF_8);
    Reply reply =
        Reply.status(200)
            .header("content-type", "text/event-stream; charset=utf-8")
            .header("request-id", "req_upstream")
            .header("set-cookie", "a=b")
            .cut(answer.getBytes(StandardCharsets.UTF_8), 7)
            .end();
    try (MockUpstream upstream = MockUpstream.start(r -> reply);
        Router router = Router.start(upstream)) {
      HttpResponse<String> response =
          router.send(
              router
                  .request("/v1/messages?beta=true")
                  .header("anthropic-beta", "a-2026,b-2026")
                  .header("authorization", "Bearer not-the-key")
                  .header("cookie", "c=d")
                  .header("x-stainless-lang", "js")
                  .POST(HttpRequest.BodyPublishers.ofString(request))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(answer, response.body());
      assertEquals("req_upstream", response.headers().firstValue("request-id").orElse(""));
      assertEquals("explicit", response.headers().firstValue("x-ccr-route").orElse(""));
      assertTrue(response.headers().firstValue("set-cookie").isEmpty());
      MockRequest sent = upstream.requests().getFirst();
      assertArrayEquals(CLAUDE.bytes("upstream-request.json"), sent.bytes());
      assertEquals("/v1/messages?beta=true", sent.uri());
      assertEquals("a-2026,b-2026", sent.headers().get("anthropic-beta"));
      assertEquals("2023-06-01", sent.headers().get("anthropic-version"));
      assertEquals(Router.PROVIDER_KEY, sent.headers().get("x-api-key"));
      for (String name : List.of("authorization", "cookie", "x-stainless-lang")) {
        assertFalse(sent.headers().contains(name), name);
      }
    }
  }

  @Test
  void aChatUpstreamGetsNeitherTheClientsKeyNorItsHeadersNorItsQuery() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(r -> Reply.sse(List.of(Chat.DONE)));
        Router router = Router.start(upstream)) {
      router.post("/v1/messages?beta=true", Chat.request("openai,a/b:online,c", true));
      MockRequest sent = upstream.requests().getFirst();
      assertEquals("/v1/chat/completions", sent.uri());
      assertEquals("Bearer " + Router.PROVIDER_KEY, sent.headers().get("authorization"));
      assertFalse(sent.headers().toString().contains(Router.KEY));
      assertFalse(sent.headers().contains("x-api-key"));
      assertTrue(sent.body().startsWith("{\"model\":\"a/b:online,c\","), sent.body());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anErrorOfTheUpstreamsArrivesAsItIs(boolean stream) throws Exception {
    String body = "{\"error\":{\"message\":\"Rate limit reached\",\"code\":\"x\"}}\n";
    Reply reply =
        Reply.status(429)
            .header("content-type", "application/json")
            .header("retry-after", "17")
            .header("x-ratelimit-remaining-requests", "0")
            .header("x-request-id", "up-1")
            .header("connection", "x-hop")
            .header("x-hop", "1")
            .header("content-length", String.valueOf(body.length()))
            .chunk(body)
            .end();
    try (MockUpstream upstream = MockUpstream.start(r -> reply);
        Router router = Router.start(upstream)) {
      HttpResponse<String> response = router.post(Chat.request("m", stream));
      assertEquals(429, response.statusCode());
      assertEquals(body, response.body());
      assertEquals("application/json", response.headers().firstValue("content-type").orElse(""));
      assertEquals("17", response.headers().firstValue("retry-after").orElse(""));
      assertEquals("up-1", response.headers().firstValue("x-request-id").orElse(""));
      assertTrue(response.headers().firstValue("x-hop").isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text/plain", "application/octet-stream", "text/event-stream", "text/html"})
  void jsonIsKnownWhateverItsTypeSays(String type) throws Exception {
    Fixture fixture = new Fixture("openai", "stream-answered-by-json");
    ReplyBuilder reply = Reply.status(200);
    if (!type.isEmpty()) {
      reply.header("content-type", type);
    }
    Reply json = reply.cut(fixture.upstreamAnswer(), 9).end();
    try (MockUpstream upstream = MockUpstream.start(r -> json);
        Router router = Router.start(upstream)) {
      HttpResponse<String> response = router.post(Chat.request("m", true));
      assertEquals(new String(fixture.claudeAnswer(), StandardCharsets.UTF_8), response.body());
    }
  }

  @Test
  void twoRequestsInTurnShareOneUpstreamConnection() throws Exception {
    try (MockUpstream upstream =
            MockUpstream.start(r -> Reply.sse(List.of(Chat.text("a"), Chat.DONE)));
        Router router = Router.start(upstream, Transport.best(), new UpstreamTls())) {
      router.post(Chat.request("m", true));
      router.post(Chat.request("m", false));
      assertEquals(1, upstream.acceptedConnections());
    }
  }

  @Test
  void aToolWhoseNameIsTooLongIsCalledByItsOwnName() throws Exception {
    String name = "mcp__" + "x".repeat(70) + "__read";
    Pattern sent = Pattern.compile("\"name\":\"([a-zA-Z0-9_-]{64})\"");
    Script calling =
        request -> {
          Matcher shortened = sent.matcher(request.body());
          return Reply.sse(
              List.of(
                  "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"i\","
                      + "\"function\":{\"name\":\""
                      + (shortened.find() ? shortened.group(1) : "not sent")
                      + "\",\"arguments\":\"{}\"}}]}}]}\n\n",
                  Chat.DONE));
        };
    try (MockUpstream upstream = MockUpstream.start(calling);
        Router router = Router.start(upstream)) {
      HttpResponse<String> response =
          router.post(
              "{\"model\":\"openai,m\",\"max_tokens\":9,\"messages\":[],\"tools\":[{\"name\":\""
                  + name + "\",\"input_schema\":{\"type\":\"object\"}}]}");
      assertTrue(
          response.body().contains("\"name\":\"" + name + "\",\"input\":{}"), response.body());
    }
  }

  @Test
  void requestsSentAheadAreAnsweredInTheirOrder() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new dev.ccr.proxy.mock.Scenarios());
        Router router = Router.start(upstream);
        var socket = router.connect()) {
      ByteArrayOutputStream requests = new ByteArrayOutputStream();
      for (String model : List.of("openai,hello", "nobody,x", "openai,length")) {
        requests.write(Router.raw(Chat.request(model, false)));
      }
      requests.write(
          "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(requests.toByteArray());
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(
          answers.matches(
              "(?s)HTTP/1.1 200 .*end_turn.*HTTP/1.1 404 .*HTTP/1.1 200 .*max_tokens.*"
                  + "HTTP/1.1 200 .*\"status\":\"ok\".*"),
          answers);
    }
  }

  @Test
  void aRequestWithoutTheKeyIsRefusedBeforeItsBody() throws IOException {
    try (MockUpstream upstream = MockUpstream.start(r -> Reply.closeAtOnce());
        Router router = Router.start(upstream);
        var socket = router.connect()) {
      String head =
          "POST /v1/messages HTTP/1.1\r\nhost: [::1]\r\nx-api-key: n\r\ncontent-length: 9\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertEquals("HTTP/1.1 401 Unauthorized", answer.readLine());
      assertEquals(0, upstream.acceptedConnections());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "POST /v1/messages HTTP/1.1\r\nx-api-key: KEY\r\ntransfer-encoding: chunked\r\n\r\nz\r\n",
        "POST /v1/messages HTTP/1.1\r\nx-api-key: KEY\r\ncontent-length: 99999999\r\nEXPECT\r\n",
      })
  void afterARequestThatCannotBeReadToItsEndTheConnectionIsClosed(String request)
      throws IOException {
    try (MockUpstream upstream = MockUpstream.start(r -> Reply.closeAtOnce());
        Router router = Router.start(upstream);
        var socket = router.connect()) {
      socket
          .getOutputStream()
          .write(request
                  .replace("KEY", Router.KEY)
                  .replace("EXPECT", "expect: 100-continue\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
      assertTrue(answer.contains("connection: close"), answer);
    }
  }
}
