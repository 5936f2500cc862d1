package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** More clients than connections to their upstream, over real sockets. */
final class ConnectionLimitLineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static Socket ask(Router router) throws Exception {
    Socket client = router.connect();
    client.getOutputStream().write(Router.raw(Chat.request("openai,m", true)));
    return client;
  }

  /** Waits until so many requests are without a connection. */
  private static void awaitWaiting(Router router, int count) throws Exception {
    String expected = "ccr_upstream_waiting_requests " + (double) count + "\n";
    HttpRequest request = router.request("/metrics").GET().build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!router.send(request, HttpResponse.BodyHandlers.ofString()).body().contains(expected)) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(expected);
      }
    }
  }

  @Test
  void aClientThatLeavesTheQueueIsForgottenAndTheOthersAreServed() throws Exception {
    Gate gate = new Gate();
    Reply reply = Reply.sse().await(gate).chunk(Chat.text("hi") + Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream, "\"UPSTREAM_CONNECTIONS_PER_ORIGIN\": 1,");
        Socket first = ask(router)) {
      upstream.awaitRequest(PATIENCE);
      try (Socket leaver = ask(router)) {
        awaitWaiting(router, 1);
        assertTrue(leaver.isConnected());
      }
      awaitWaiting(router, 0);
      try (Socket second = ask(router)) {
        awaitWaiting(router, 1);
        gate.open();
        for (Socket client : new Socket[] {first, second}) {
          String answer = "";
          byte[] some = new byte[8192];
          for (int n; !answer.contains("message_stop"); ) {
            n = client.getInputStream().read(some);
            answer += new String(some, 0, Math.max(n, 0), StandardCharsets.UTF_8);
            assertTrue(n > 0, answer);
          }
        }
      }
      assertEquals(2, upstream.requests().size(), "nothing is asked for one who left");
    }
  }
}
