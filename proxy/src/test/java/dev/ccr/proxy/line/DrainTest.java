package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.readUntil;
import static dev.ccr.proxy.testing.Sockets.rest;
import static dev.ccr.proxy.testing.Sockets.skipTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.RawHttp2;
import dev.ccr.proxy.testing.Router;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a router ends: nobody sees half an answer that looks like a whole one, or like none. */
final class DrainTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int STREAMS = 60;

  /** What a client of HTTP/2 takes before it opens a window (RFC 9113, section 6.9.2). */
  private static final int FIRST_WINDOW = 65_535;

  /** A millisecond apart: ten times the linger of a connection, a tenth of the pings allowed. */
  private static final int PINGS = 100;

  private static final String LAST_WORD =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
          + "\"message\":\"the router is shutting down\"}";
  private static final String CLAUDE_START =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n";
  private static final String CLAUDE_STOP =
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

  private static CompletableFuture<Void> drain(ProxyServer server) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            server.drain();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void ofManyStreamsEachEndsWholeOrWithAnError(Transport transport) throws Exception {
    Gate inTime = new Gate();
    Gate never = new Gate();
    try (MockUpstream upstream =
            MockUpstream.start(
                request ->
                    Reply.sse()
                        .chunk(Chat.text("begun"))
                        .await(request.body().contains("\"slow\"") ? never : inTime)
                        .chunk(Chat.text("more") + Chat.STOP + Chat.DONE)
                        .end());
        Router router =
            Router.start(upstream, "\"GRACE_PERIOD_MS\": 60000,", transport, new UpstreamTls());
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<BufferedReader> readers = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        InputStream body =
            router
                .send(
                    router
                        .request("/v1/messages")
                        .POST(
                            HttpRequest.BodyPublishers.ofString(
                                Chat.request(i % 3 == 0 ? "openai,slow" : "openai,m", true)))
                        .build(),
                    HttpResponse.BodyHandlers.ofInputStream())
                .body();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        skipTo(reader, "begun");
        readers.add(reader);
      }
      CompletableFuture<Void> drained = drain(router.server());
      router.server().awaitClose();
      awaitRefusal(router);
      inTime.open();
      List<Future<String>> rests = new ArrayList<>();
      for (BufferedReader reader : readers) {
        rests.add(
            clients.submit(() -> reader.lines().collect(Collectors.joining("\n", "", "\n"))));
      }
      for (int i = 0; i < STREAMS; i++) {
        if (i % 3 != 0) {
          String rest = rests.get(i).get(30, TimeUnit.SECONDS);
          assertTrue(rest.endsWith("data: {\"type\":\"message_stop\"}\n\n"), rest);
        }
      }
      assertFalse(drained.isDone(), "some are not finished");
      router.server().close();
      drained.get(30, TimeUnit.SECONDS);
      for (int i = 0; i < STREAMS; i += 3) {
        String rest = rests.get(i).get(30, TimeUnit.SECONDS);
        assertTrue(rest.contains(LAST_WORD), rest);
        assertFalse(rest.contains("message_stop"), rest);
      }
      upstream.awaitConnections(0, PATIENCE);
    }
  }

  /** What an exchange has come to when the grace period is over, and what its client then gets. */
  enum Unfinished {
    CHAT_STREAM("openai,m", true, Chat.text("seen"), "seen", "HTTP/1.1 200 OK", "}\n\n"),
    CHAT_AFTER_ITS_FINISH(
        "openai,m", true, Chat.text("seen") + Chat.STOP, "seen", "HTTP/1.1 200 OK", CLAUDE_STOP),
    CLAUDE_INSIDE_AN_EVENT(
        "anthropic,m",
        true,
        CLAUDE_START + ": seen\n\nevent: ping\nda",
        "seen",
        "HTTP/1.1 200 OK",
        "}\n\n"),
    CLAUDE_AFTER_ITS_FINISH(
        "anthropic,m",
        true,
        CLAUDE_START + CLAUDE_STOP,
        "message_stop\"}",
        "HTTP/1.1 200 OK",
        CLAUDE_STOP),
    NO_ANSWER_YET("openai,m", true, "", "", "HTTP/1.1 529 ", "}"),
    ONE_MESSAGE("openai,m", false, "{\"id\":", "", "HTTP/1.1 529 ", "}");

    private final String model;
    private final boolean stream;
    private final String upstream;
    private final String seen;
    private final String status;
    private final String end;

    /**
     * @param upstream what the upstream has sent
     * @param seen what the client has seen of it
     */
    Unfinished(
        String model, boolean stream, String upstream, String seen, String status, String end) {
      this.model = model;
      this.stream = stream;
      this.upstream = upstream;
      this.seen = seen;
      this.status = status;
      this.end = end;
    }
  }

  @ParameterizedTest
  @EnumSource(Unfinished.class)
  void whatIsNotFinishedInTimeEndsInAWayThatCanBeTold(Unfinished exchange) throws Exception {
    Gate never = new Gate();
    Reply held =
        exchange.upstream.isEmpty()
            ? Reply.silence()
            : Reply.status(200)
                .header("content-type", exchange.stream ? "text/event-stream" : "application/json")
                .chunk(exchange.upstream)
                .await(never)
                .end();
    try (MockUpstream upstream = MockUpstream.start(request -> held);
        Router router = Router.start(upstream, "\"GRACE_PERIOD_MS\": 0,");
        Socket client = router.connect()) {
      client.getOutputStream().write(Router.raw(Chat.request(exchange.model, exchange.stream)));
      upstream.awaitRequest(PATIENCE);
      String seen = readUntil(client, exchange.seen);
      router.server().drain();
      router.server().close();
      String answer = seen + rest(client);
      assertTrue(answer.startsWith(exchange.status), answer);
      boolean chunked = answer.contains("transfer-encoding: chunked");
      assertTrue(answer.endsWith(exchange.end + (chunked ? "\r\n0\r\n\r\n" : "")), answer);
      assertEquals(
          !exchange.end.equals(CLAUDE_STOP), answer.contains("the router is shutting down"), answer);
      upstream.awaitConnections(0, PATIENCE);
    }
  }

  @Test
  void aRouterWithoutAnExchangeEndsAtOnceAndLeavesIdleClientsNoConnection() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> Reply.silence());
        Router router = Router.start(upstream, "\"GRACE_PERIOD_MS\": 600000,");
        Socket idle = router.connect();
        Socket unused = router.connect()) {
      idle.getOutputStream().write(get("/health"));
      assertTrue(head(idle).startsWith("HTTP/1.1 200 OK"));
      long start = System.nanoTime();
      drain(router.server()).get(30, TimeUnit.SECONDS);
      assertEquals(-1, unused.getInputStream().read());
      idle.getInputStream().readAllBytes();
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20), "no grace is needed");
    }
  }

  @Test
  void whoIsInAHurryWaitsForNoClientOfHttp2() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> Reply.silence());
        Router router = Router.start(upstream, "\"GRACE_PERIOD_MS\": 600000,");
        RawHttp2 client = RawHttp2.open(router)) {
      assertEquals("200", client.answer(client.get("/health")).status());
      router.server().hurry();
      drain(router.server()).get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aWholeAnswerWaitsForTheWindowOfItsClient() throws Exception {
    String text = Chat.text("x".repeat(200_000)) + Chat.STOP + Chat.DONE;
    try (MockUpstream upstream = MockUpstream.start(r -> Reply.sse().chunk(text).end());
        Router router = Router.start(upstream, "\"GRACE_PERIOD_MS\": 600000,");
        RawHttp2 client = RawHttp2.open(router)) {
      client.keepWindowsShut();
      int stream = client.post(Chat.request("openai,m", true));
      client.awaitBody(stream, FIRST_WINDOW);
      CompletableFuture<Void> drained = drain(router.server());
      router.server().awaitClose();
      for (int i = 0; i < PINGS; i++) { // so that whoever does not wait has cut it by now
        Thread.sleep(1);
        client.ping(stream);
      }
      client.open(stream, 1 << 20);
      RawHttp2.Answer answer = client.answer(stream);
      assertEquals("END", answer.end());
      assertTrue(answer.body().endsWith("data: {\"type\":\"message_stop\"}\n\n"));
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aConnectionThatIsStillThereHearsThatTheRouterDrains() throws Exception {
    Gate gate = new Gate();
    Reply reply =
        Reply.sse().chunk(Chat.text("begun")).await(gate).chunk(Chat.STOP + Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream);
        Socket asks = router.connect();
        Socket writes = router.connect();
        Socket idle = router.connect()) {
      idle.getOutputStream().write(get("/health"));
      assertTrue(head(idle).startsWith("HTTP/1.1 200 OK"));
      for (Socket client : List.of(asks, writes)) {
        client.getOutputStream().write(Router.raw(Chat.request("openai,m", true)));
        readUntil(client, "begun");
      }
      asks.getOutputStream().write(get("/health"));
      writes.getOutputStream().write(Router.raw(Chat.request("openai,m", true)));
      CompletableFuture<Void> drained = drain(router.server());
      rest(idle); // it is closed as soon as the router drains
      gate.open();
      String health = rest(asks);
      assertTrue(health.contains("HTTP/1.1 503 Service Unavailable\r\n"), health);
      assertTrue(health.contains("{\"status\":\"draining\","), health);
      String refusal = rest(writes);
      assertTrue(refusal.contains("HTTP/1.1 529 "), refusal);
      assertTrue(refusal.contains("retry-after: 1\r\n"), refusal);
      assertTrue(refusal.contains("connection: close\r\n"), refusal);
      assertTrue(refusal.contains("\"type\":\"overloaded_error\""), refusal);
      drained.get(30, TimeUnit.SECONDS);
      assertEquals(2, upstream.requests().size(), "nothing new goes upstream");
    }
  }

  @Test
  void withADelayItStillServesEverybodyWhileItSaysThatItLeaves() throws Exception {
    try (MockUpstream upstream =
            MockUpstream.start(r -> Reply.sse(List.of(Chat.text("a"), Chat.STOP, Chat.DONE)));
        Router router = Router.start(upstream, "\"DRAIN_DELAY_MS\": 600000,")) {
      CompletableFuture<Void> drained = drain(router.server());
      String health = "";
      while (!health.startsWith("HTTP/1.1 503 ")) {
        try (Socket client = router.connect()) {
          client.getOutputStream().write(get("/health"));
          health = head(client);
        }
      }
      assertTrue(health.contains("connection: close"), health);
      HttpResponse<String> answer = router.post(Chat.request("openai,m", true));
      assertEquals(200, answer.statusCode());
      assertTrue(answer.body().endsWith(CLAUDE_STOP), answer.body());
      assertEquals("close", answer.headers().firstValue("connection").orElse(""));
      router.server().close();
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  /** Java closes a socket that it listens on a moment after it has said so. */
  private static void awaitRefusal(Router router) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Socket client = router.connect()) {
        assertTrue(System.nanoTime() < deadline, client + " is connected");
      } catch (SocketException refused) { // or reset, with the queue it had come into
        return;
      }
    }
  }

  private static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nhost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static String head(Socket client) throws IOException {
    return readUntil(client, "\r\n\r\n");
  }
}
