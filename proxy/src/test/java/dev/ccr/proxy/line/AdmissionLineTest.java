package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.readUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits of clients and of the process at a whole router. */
final class AdmissionLineTest {

  /** How often a figure is asked for until it counts as one that does not change. */
  private static final int STILL = 50;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What is waited for where no answer comes before the client leaves. */
  private static final String CONNECTED = "it is connected";

  private static final String ADMITTED = "it is admitted";
  private static final String ASKED = "its upstream is asked";

  private static final String KEY = "alice-key-0123456789";
  private static final String BODY = Chat.request("openai,m", true);
  private static final Reply ANSWER = Reply.sse().chunk(Chat.STOP).chunk(Chat.DONE).end();

  private final List<Socket> clients = new ArrayList<>();

  private static String alice(String limits) {
    return "\"CLIENT_KEYS\": [{\"name\": \"alice\", \"key\": \"" + KEY + "\", " + limits + "}],";
  }

  /** The head of a request of hers, and as much of its body. */
  private static String request(String length, String body) {
    return "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nx-api-key: " + KEY + "\r\n" + length
        + "\r\n\r\n" + body;
  }

  private static String whole(String body) {
    return request("content-length: " + body.length(), body);
  }

  private Socket send(Router router, String request) throws IOException {
    Socket client = router.connect();
    clients.add(client);
    client.getOutputStream().write(request.getBytes(UTF_8));
    return client;
  }

  /** The answer to a request that is refused from its head alone. */
  private String refused(Router router, String request, int status) throws IOException {
    String answer = readUntil(send(router, request), "\"request_id\"");
    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    assertTrue(answer.matches("(?s).*\r\nretry-after: [1-9]\\d*\r\n.*"), answer);
    return answer;
  }

  private static void awaitNothingHeld(Router router) throws Exception {
    router.awaitMetric("ccr_requests_admitted", 0);
    router.awaitMetric("ccr_bytes_in_flight", 0);
  }

  private void leave() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    clients.clear();
  }

  @Test
  void aClientIsRefusedFromTheHeadAloneWhileItsPlacesAreTaken() throws Exception {
    Gate gate = new Gate();
    Reply held = Reply.sse().chunk(Chat.text("one")).await(gate).chunk(Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> held);
        Router router = Router.start(upstream, alice("\"concurrent\": 1"))) {
      Socket first = send(router, whole(BODY));
      readUntil(first, "one");
      String answer = refused(router, request("content-length: 1000000", ""), 429);
      assertTrue(answer.contains("\"rate_limit_error\""), answer);
      assertTrue(answer.contains("requests of alice under way: 1"), answer);
      assertEquals(200, router.send(
          router.request("/v1/models").build(), HttpResponse.BodyHandlers.ofString()).statusCode());
      gate.open();
      readUntil(first, "message_stop");
      readUntil(send(router, whole(BODY)), "message_stop");
      leave();
      awaitNothingHeld(router);
      router.awaitMetric(
          "ccr_refused_requests_total{ccr_client=\"alice\",ccr_limit=\"client_concurrent\"}", 1);
    }
  }

  @Test
  void aMinutesRequestsAreCountedOverAllConnections() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> ANSWER);
        Router router = Router.start(upstream, alice("\"requestsPerMinute\": 3"))) {
      for (int i = 0; i < 3; i++) {
        readUntil(send(router, whole(BODY)), "message_stop");
      }
      String answer = refused(router, request("content-length: 1000000", ""), 429);
      assertTrue(answer.contains("requests of alice: more than 3 a minute"), answer);
      assertEquals(200, router.post(BODY).statusCode(), "others have bounds of their own");
      leave();
    }
  }

  @Test
  void tokensAreThoseThatTheProviderCounted() throws Exception {
    String usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":700,\"completion_tokens\":400}}\n\n";
    Reply reply = Reply.sse().chunk(Chat.STOP).chunk(usage).chunk(Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream, alice("\"tokensPerMinute\": 1000"))) {
      readUntil(send(router, whole(BODY)), "message_stop");
      router.awaitMetric(
          "ccr_client_tokens_total{ccr_client=\"alice\",gen_ai_token_type=\"output\"}", 400);
      String answer = refused(router, whole(BODY), 429);
      assertTrue(answer.contains("tokens of alice: more than 1000 a minute"), answer);
      leave();
      awaitNothingHeld(router);
    }
  }

  @Test
  void bodiesAreRefusedWhenTheyAreAnnouncedOrWhenTheyGrow() throws Exception {
    String limit = "\"MAX_BYTES_IN_FLIGHT\": 100000,";
    try (MockUpstream upstream = MockUpstream.start(request -> ANSWER);
        Router router = Router.start(upstream, limit + alice("\"concurrent\": 9"))) {
      Socket slow = send(router, request("content-length: 60000", "{"));
      router.awaitMetric("ccr_bytes_in_flight", 60_000);
      String answer = refused(router, request("content-length: 60000", ""), 529);
      assertTrue(answer.contains("\"overloaded_error\""), answer);
      assertTrue(answer.contains("bytes in flight: 60000, and 60000 of this request"), answer);
      String chunk = Integer.toHexString(30_000) + "\r\n" + " ".repeat(30_000) + "\r\n";
      refused(router, request("transfer-encoding: chunked", chunk + chunk), 529);
      refused(
          router, request("content-length: 60000\r\nexpect: 100-continue", ""), 529);
      assertEquals(200, router.post(BODY).statusCode());
      slow.close();
      awaitNothingHeld(router);
      leave();
    }
  }

  @Test
  void whatAClientDoesNotReadCountsUntilItIsGone() throws Exception {
    Reply endless = Reply.sse().endless(Chat.text("word ".repeat(1_000)));
    try (MockUpstream upstream = MockUpstream.start(request -> endless);
        Router router =
            Router.start(upstream, "\"MAX_BYTES_IN_FLIGHT\": 1000," + alice("\"concurrent\": 9"))) {
      Socket slow = send(router, whole(BODY));
      readUntil(slow, "word");
      long deadline = System.nanoTime() + 30_000_000_000L;
      double kept = 0;
      for (int same = 0; same < STILL; ) { // until the kernel takes no more
        assertTrue(System.nanoTime() < deadline, "nothing is kept for it");
        double now = router.metrics().of("ccr_bytes_in_flight");
        same = now == kept && now > 0 ? same + 1 : 0;
        kept = now;
      }
      String answer = refused(router, request("content-length: 1000", ""), 529);
      assertTrue(answer.contains("bytes in flight: "), answer);
      leave();
      awaitNothingHeld(router);
    }
  }

  @Test
  void requestsUnderWayAreBoundedForAllTogether() throws Exception {
    Gate gate = new Gate();
    Reply held = Reply.sse().chunk(Chat.text("one")).await(gate).chunk(Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> held);
        Router router =
            Router.start(
                upstream, "\"MAX_REQUESTS_IN_FLIGHT\": 2," + alice("\"concurrent\": 9"))) {
      readUntil(send(router, whole(BODY)), "one");
      readUntil(send(router, whole(BODY)), "one");
      String answer = refused(router, request("content-length: 1000000", ""), 529);
      assertTrue(answer.contains("requests under way: 2 (expected: less than 2)"), answer);
      gate.open();
      leave();
      awaitNothingHeld(router);
    }
  }

  @Test
  void aConnectionThatIsOneTooManyIsToldSoAndClosed() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> ANSWER);
        Router router = Router.start(upstream, "\"MAX_CONNECTIONS\": 2,")) {
      readUntil(send(router, new String(Router.raw(BODY), UTF_8)), "message_stop");
      readUntil(send(router, new String(Router.raw(BODY), UTF_8)), "message_stop");
      Socket third = send(router, "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
      String answer = new String(third.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 529"), answer);
      assertTrue(answer.contains("\r\nconnection: close\r\n"), answer);
      assertTrue(answer.contains("\r\nretry-after: "), answer);
      List<Socket> more = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        more.add(router.connect());
      }
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (more.size() > 18) { // as many as get an answer, with the first two
        more.removeIf(AdmissionLineTest::isClosed);
        assertTrue(System.nanoTime() < deadline, "still open: " + more.size());
      }
      for (Socket each : more) {
        each.close();
      }
      leave();
      int status = 0;
      while (status != 200) { // as soon as the router has seen that they are closed
        assertTrue(System.nanoTime() < deadline, "status " + status);
        Socket next = send(router, new String(Router.raw(BODY), UTF_8));
        byte[] line = next.getInputStream().readNBytes(12);
        status = line.length < 12 ? 0 : Integer.parseInt(new String(line, 9, 3, UTF_8));
        next.close();
      }
      leave();
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** How a request ends: the upstream's reply, what the client sends, and what it waits for, text or one of the above. */
  record End(String name, Function<Gate, Reply> reply, String request, String awaited) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<End> ends() {
    String text = Chat.text("one");
    String message = Chat.request("openai,m", false);
    return Stream.of(
        new End("done", gate -> ANSWER, whole(BODY), "message_stop"),
        new End("a whole message", gate -> ANSWER, whole(message), "stop_reason"),
        new End("leaves inside the head", gate -> ANSWER, "POST /v1/messages HTTP/1.1\r\n", CONNECTED),
        new End("leaves inside the body", gate -> ANSWER, request("content-length: 9", "{"), ADMITTED),
        new End("leaves while waiting", gate -> Reply.silence(), whole(BODY), ASKED),
        new End(
            "leaves inside the stream",
            gate -> Reply.sse().chunk(text).await(gate).end(),
            whole(BODY),
            "one"),
        new End(
            "leaves inside a message that is collected",
            gate -> Reply.sse().chunk(text).await(gate).end(),
            whole(message),
            ASKED),
        new End("cut before the answer", gate -> Reply.resetAtOnce(), whole(BODY), "502"),
        new End("cut inside it", gate -> Reply.sse().chunk(text).close(), whole(BODY), "api_error"),
        new End(
            "cut inside a collected message",
            gate -> Reply.sse().chunk(text).close(),
            whole(message),
            "502"),
        new End("an upstream's error", gate -> Reply.json(500, "{}"), whole(BODY), "500"),
        new End("too large", gate -> ANSWER, request("content-length: 99999999", ""), "413"),
        new End("not JSON", gate -> ANSWER, whole("{"), "400"),
        new End("no such model", gate -> ANSWER, whole(Chat.request("x,y", true)), "404"),
        new End(
            "counted",
            gate -> ANSWER,
            whole(BODY).replace("/v1/messages", "/v1/messages/count_tokens"),
            "input_tokens"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void howeverARequestEndsItHoldsNothingAfterwards(End end) throws Exception {
    Gate gate = new Gate();
    try (MockUpstream upstream = MockUpstream.start(request -> end.reply().apply(gate));
        Router router =
            Router.start(
                upstream, alice("\"concurrent\": 1, \"tokensPerMinute\": 1000000000"))) {
      router.metrics(); // whose connection stays
      double connections = router.metrics().of("ccr_client_connections");
      for (int i = 1; i <= 2; i++) { // the second would be refused if the first still counted
        Socket client = send(router, end.request());
        switch (end.awaited()) {
          case CONNECTED -> router.awaitMetric("ccr_client_connections", connections + 1);
          case ADMITTED -> router.awaitMetric("ccr_requests_admitted", 1);
          case ASKED -> {
            upstream.awaitRequests(i, PATIENCE);
            router.awaitMetric("ccr_requests_admitted", 1);
          }
          default -> readUntil(client, end.awaited());
        }
        leave();
        router.awaitMetric("ccr_client_connections", connections);
        awaitNothingHeld(router);
      }
      gate.open();
    }
  }
}
