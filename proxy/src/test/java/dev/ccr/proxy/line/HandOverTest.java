package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import dev.ccr.proxy.upstream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One router takes over the port of another. */
final class HandOverTest {

  private static final int CLIENTS = 4;
  private static final int HAND_OVERS = 3;

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger answers = new AtomicInteger();

  @BeforeEach
  void epoll() {
    assumeTrue(Transport.best() == Transport.EPOLL, "Linux only");
  }

  @Test
  void nobodyIsRefusedAndNoAnswerIsCutWhenAPortPassesOn() throws Exception {
    try (MockUpstream upstream =
            MockUpstream.start(r -> Reply.sse(List.of(Chat.text("a"), Chat.STOP, Chat.DONE)));
        ExecutorService threads = Executors.newCachedThreadPool()) {
      Router router = Router.start(config(upstream, 0));
      List<Future<?>> clients = new ArrayList<>();
      try {
        for (int i = 0; i < CLIENTS; i++) {
          int port = router.port();
          clients.add(threads.submit(() -> ask(port)));
        }
        for (int i = 0; i < HAND_OVERS; i++) {
          awaitAnswers(20);
          assertTrue(router.server().share());
          Router next = Router.startBeside(config(upstream, router.port()));
          awaitAnswers(20); // of either
          router.server().drain();
          router.close();
          router = next;
        }
        awaitAnswers(20);
      } finally {
        over.set(true);
        router.close();
      }
      for (Future<?> client : clients) {
        client.get(30, TimeUnit.SECONDS); // fails with what the client has seen
      }
    }
  }

  @Test
  void whoIsNotAllowedToComesNotBesideARouter() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(r -> Reply.silence());
        Router router = Router.start(config(upstream, 0))) {
      Config same = config(upstream, router.port());
      assertThrows(IllegalStateException.class, () -> Router.startBeside(same));
      assertTrue(router.server().share());
      assertThrows(
          IllegalStateException.class, () -> Router.start(same), "that would not be meant");
    }
  }

  /** Asks until it is all over, each time on a new connection. */
  private Void ask(int port) throws IOException {
    while (!over.get()) {
      String answer;
      try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
        socket.setSoTimeout(30_000);
        socket
            .getOutputStream()
            .write(
                new String(
                        Router.raw(Chat.request("openai,m", true)), StandardCharsets.US_ASCII)
                    .replace("host: localhost", "host: localhost\r\nconnection: close")
                    .getBytes(StandardCharsets.US_ASCII));
        answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        if (over.get()) {
          return null; // the last router has gone
        }
        throw e;
      }
      if (!over.get()) {
        assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
        assertTrue(answer.endsWith("message_stop\"}\n\n\r\n0\r\n\r\n"), answer);
        answers.incrementAndGet();
      }
    }
    return null;
  }

  private void awaitAnswers(int more) {
    int enough = answers.get() + more;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (answers.get() < enough && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    assertEquals(enough, Math.min(enough, answers.get()), "answers, or a client has failed");
  }

  private static Config config(MockUpstream upstream, int port) throws ConfigException {
    return ConfigReader.parse(
        "test.json",
        """
        {"APIKEY": "%s", "GRACE_PERIOD_MS": 20000, "Providers": [
          {"name": "openai", "api_base_url": "%s", "api_key": "k"}]}
        """
            .formatted(Router.KEY, upstream.url("/v1/chat/completions")),
        Map.of("CCR_PORT", String.valueOf(port)));
  }
}
