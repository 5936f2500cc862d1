package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.readUntil;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.net.Socket;
import java.time.Duration;
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
    router.awaitMetric("ccr_upstream_waiting_requests", count);
  }

  @Test
  void aClientThatLeavesTheQueueIsForgottenAndTheOthersAreServed() throws Exception {
    Gate gate = new Gate();
    Reply reply = Reply.sse().await(gate).chunk(Chat.text("hi") + Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream, "\"UPSTREAM_CONNECTIONS_PER_ORIGIN\": 1,");
        Socket first = ask(router)) {
      upstream.awaitRequest(PATIENCE);
      Socket leaver = ask(router);
      awaitWaiting(router, 1);
      leaver.close();
      awaitWaiting(router, 0);
      try (Socket second = ask(router)) {
        awaitWaiting(router, 1);
        gate.open();
        for (Socket client : new Socket[] {first, second}) {
          readUntil(client, "message_stop");
        }
      }
      assertEquals(2, upstream.requests().size(), "nothing is asked for one who left");
    }
  }
}
