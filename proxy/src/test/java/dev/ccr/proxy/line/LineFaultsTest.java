package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.readUntil;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.ReplyBuilder;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamTls;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The line when one of its ends fails. */
final class LineFaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String MESSAGE_START =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n";

  /** A name, the reply, the model, and the status: 200 if the failure comes inside the stream. */
  static Stream<Arguments> brokenUpstreams() {
    return Stream.of(
        Arguments.of("reset before the answer", Reply.resetAtOnce(), "openai,m", 502),
        Arguments.of("closed before the answer", Reply.closeAtOnce(), "openai,m", 502),
        Arguments.of("no HTTP", Reply.raw("SSH-2.0-OpenSSH_9.2\r\n").close(), "openai,m", 502),
        Arguments.of("empty stream", Reply.sse().end(), "openai,m", 502),
        Arguments.of(
            "redirect", Reply.status(302).header("location", "http://x/").end(), "openai,m", 502),
        Arguments.of("HTML", html(), "openai,m", 502),
        Arguments.of("HTML in place of Claude", html(), "anthropic,m", 502),
        Arguments.of("error first", Reply.sse().chunk(error()).end(), "openai,m", 503),
        Arguments.of("error later", text().chunk(error()).end(), "openai,m", 200),
        Arguments.of("cut by FIN", text().close(), "openai,m", 200),
        Arguments.of("cut by RST", text().reset(), "openai,m", 200),
        Arguments.of("ends without finish", text().end(), "openai,m", 200),
        Arguments.of("broken framing", rawText("zz\r\nnonsense").close(), "openai,m", 200),
        Arguments.of("broken JSON", text().chunk("data: {]\n\n").end(), "openai,m", 200),
        Arguments.of("Claude cut by FIN", claude().close(), "anthropic,m", 200),
        Arguments.of("Claude cut by RST", claude().reset(), "anthropic,m", 200),
        Arguments.of("Claude ends in an event", claude().chunk("event: x\nda").end(),
            "anthropic,m", 200));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenUpstreams")
  void aBrokenUpstreamIsAnErrorForTheClientAndNeverAnEnd(
      String name, Reply reply, String model, int status) throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream)) {
      HttpResponse<String> response = router.post(Chat.request(model, true));
      assertEquals(status, response.statusCode(), name);
      String body = response.body();
      assertFalse(body.contains("message_stop"), body);
      String last = status == 200 ? body.substring(body.lastIndexOf("event: ")) : body;
      assertTrue(
          status == 200
              ? last.startsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"")
              : last.startsWith("{\"type\":\"error\",\"error\":{\"type\":\""),
          body);
      assertTrue(status != 200 || body.endsWith("}\n\n"), "the error is a whole event");
      upstream.awaitConnections(0, PATIENCE);
    }
  }

  @Test
  void aPageInPlaceOfAStreamIsQuoted() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> html());
        Router router = Router.start(upstream)) {
      HttpResponse<String> response = router.post(Chat.request("openai,m", true));
      assertTrue(
          response.body().contains("no JSON: <html>Please log in</html>"), response.body());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whenTheClientLeavesTheUpstreamIsClosed(Transport transport) throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream, transport, new UpstreamTls())) {
      try (Socket client = router.connect()) {
        client.getOutputStream().write(Router.raw(Chat.request("openai,slow", true)));
        readUntil(client, "text_delta");
        assertEquals(1, upstream.openConnections());
      }
      upstream.awaitConnections(0, PATIENCE);
    }
  }

  @Test
  void whenTheClientLeavesBeforeTheAnswerTheUpstreamIsClosed() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> Reply.silence());
        Router router = Router.start(upstream)) {
      try (Socket client = router.connect()) {
        client.getOutputStream().write(Router.raw(Chat.request("openai,m", true)));
        upstream.awaitRequest(PATIENCE);
      }
      upstream.awaitConnections(0, PATIENCE);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aClientThatDoesNotReadStopsTheUpstreamToo(Transport transport) throws Exception {
    String chunk = Chat.text("x".repeat(16_000));
    try (MockUpstream upstream = MockUpstream.start(r -> Reply.sse().endless(chunk));
        Router router = Router.start(upstream, transport, new UpstreamTls());
        Socket client = router.connect()) {
      client.getOutputStream().write(Router.raw(Chat.request("openai,m", true)));
      upstream.awaitStalled(1, PATIENCE);
      assertTrue(upstream.bytesSent() < 64 << 20, "bounded by sockets, not by memory");
      readUntil(client, "text_delta");
    }
  }

  @Test
  void aRequestThatAnUpstreamRefusesIsNamedWithItsAddress() throws Exception {
    MockUpstream upstream = MockUpstream.start(request -> Reply.closeAtOnce());
    try (Router router = Router.start(upstream)) {
      upstream.close();
      HttpResponse<String> response = router.post(Chat.request("openai,m", true));
      assertEquals(502, response.statusCode());
      assertTrue(
          response.body().contains("upstream " + upstream.url("") + ": connection refused"),
          response.body());
    }
  }

  @Test
  void aCutErrorBodyBreaksTheConnection() {
    Reply reply = Reply.status(500).header("content-length", "100").chunk("half").close();
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream)) {
      assertThrows(IOException.class, () -> router.post(Chat.request("openai,m", true)));
    }
  }

  private static ReplyBuilder text() {
    return Reply.sse().chunk(Chat.text("a"));
  }

  private static ReplyBuilder claude() {
    return Reply.sse().chunk(MESSAGE_START).chunk("event: content_block_start\ndata: {\"ty");
  }

  private static ReplyBuilder rawText(String more) {
    String event = Chat.text("a");
    return Reply.raw(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            + Integer.toHexString(event.length()) + "\r\n" + event + "\r\n" + more);
  }

  private static Reply html() {
    return Reply.status(200)
        .header("content-type", "text/html")
        .chunk("<html>Please log in</html>")
        .end();
  }

  private static String error() {
    return "data: {\"error\":{\"message\":\"Provider is down\",\"code\":503}}\n\n";
  }
}
