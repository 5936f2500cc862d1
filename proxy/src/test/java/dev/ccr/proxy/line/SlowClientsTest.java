package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.skipAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that send or take too slowly cost nobody else time, nor the router its memory. */
final class SlowClientsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SLOW_CLIENTS = 200;
  private static final int REQUESTS = 200;
  private static final int STOPPED_READERS = 4;
  private static final int RECEIVE_BUFFER = 16 << 10;

  /** What two sockets' buffers and one burst of reads may hold of a stream, and some more. */
  private static final long BOUND_BYTES = 32 << 20;

  private static final String HALF_A_HEAD =
      "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nX-A: ";

  private static Reply reply(MockRequest request, Scenarios scenarios, Reply endless) {
    return request.body().contains("\"endless\"") ? endless : scenarios.reply(request);
  }

  private static MockUpstream upstream() {
    Scenarios scenarios = new Scenarios();
    Reply endless = Reply.sse().endless(Chat.text("x".repeat(16_000)));
    return MockUpstream.start(request -> reply(request, scenarios, endless));
  }

  /** A client that asks for an endless stream and reads none of it. */
  private static Socket stoppedReader(Router router) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), router.port()));
    socket.getOutputStream().write(Router.raw(Chat.request("openai,endless", true)));
    return socket;
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket each : sockets) {
      each.close();
    }
  }

  @Test
  void twoHundredSlowClientsDoNotSlowTheOthersDown() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router crowded = Router.start(upstream);
        Router empty = Router.start(upstream)) {
      String body = Chat.request("openai,hello", false);
      byte[] half = new String(Router.raw(body), StandardCharsets.UTF_8)
          .replace("{", "") // less than was announced
          .getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < SLOW_CLIENTS; i++) {
        Socket socket = crowded.connect();
        socket
            .getOutputStream()
            .write(i % 2 == 0 ? HALF_A_HEAD.getBytes(StandardCharsets.US_ASCII) : half);
        slow.add(socket);
      }
      nanos(crowded, body);
      nanos(empty, body); // both are warm, and the slow clients are served
      long[] among = new long[REQUESTS];
      long[] alone = new long[REQUESTS];
      for (int i = 0; i < REQUESTS; i++) { // in turns, so that both feel what else runs here
        slow.get(i).getOutputStream().write('x');
        among[i] = nanos(crowded, body);
        alone[i] = nanos(empty, body);
      }
      long limit = 3 * p95(alone) + TimeUnit.MILLISECONDS.toNanos(20);
      assertTrue(p95(among) < limit, () -> p95(among) + " ns, and alone " + p95(alone));
    } finally {
      close(slow);
    }
  }

  private static long nanos(Router router, String body) throws Exception {
    long start = System.nanoTime();
    assertEquals(200, router.post(body).statusCode());
    return System.nanoTime() - start;
  }

  private static long p95(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length * 95 / 100];
  }

  @Test
  void stoppedReadersDoNotMakeTheRouterReadTheirUpstreamsToTheEnd() throws Exception {
    List<Socket> stopped = new ArrayList<>();
    try (MockUpstream upstream = upstream();
        Router router = Router.start(upstream)) {
      for (int i = 0; i < STOPPED_READERS; i++) {
        stopped.add(stoppedReader(router));
      }
      upstream.awaitStalled(STOPPED_READERS, PATIENCE);
      for (int i = 0; i < 20; i++) {
        assertEquals(200, router.post(Chat.request("openai,hello", true)).statusCode());
      }
      upstream.awaitStalled(STOPPED_READERS, PATIENCE);
      long sent = upstream.bytesSent();
      assertTrue(sent < STOPPED_READERS * BOUND_BYTES, () -> sent + " bytes were read");
    } finally {
      close(stopped);
    }
  }

  @Test
  void aStoppedReaderIsGivenUpAndItsUpstreamToo() throws Exception {
    try (MockUpstream upstream = upstream();
        Router router = Router.start(upstream, "\"CLIENT_WRITE_TIMEOUT_MS\": 400,");
        Socket stopped = stoppedReader(router)) {
      upstream.awaitRequest(PATIENCE);
      upstream.awaitConnections(0, PATIENCE);
      assertTrue(skipAll(stopped) < BOUND_BYTES, "what it had not taken is not sent any more");
    }
  }

  @Test
  void aHeadThatDoesNotEndIsAnsweredAndItsConnectionClosed() throws Exception {
    try (MockUpstream upstream = upstream();
        Router router = Router.start(upstream, "\"CLIENT_HEADER_TIMEOUT_MS\": 300,");
        Socket client = router.connect()) {
      client.getOutputStream().write(HALF_A_HEAD.getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
      assertTrue(answer.contains("\r\nconnection: close\r\n"), answer);
      assertTrue(answer.contains("\"type\":\"timeout_error\""), answer);
    }
  }
}
