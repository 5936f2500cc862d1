package dev.ccr.proxy.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.RouterProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router that has 64 MB for everything, and 200 clients who want more than that. */
final class SmallHeapTest {

  private static final int CLIENTS = 200;
  private static final int LARGE = 2 << 20;

  /** How many of them may be in flight: a quarter of the memory. */
  private static final int ROOM = 8;

  private static final int SLOW = 40;

  /** Of an answer that is not read: what fills a connection, and one more read. */
  private static final int MOST_KEPT = 256 << 10;

  private static final String MEMORY = "64m";
  private static final Reply ANSWER = Reply.sse().chunk(Chat.STOP).chunk(Chat.DONE).end();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** More than any socket keeps. */
  private static final Reply ENDLESS = Reply.sse().endless(Chat.text("word ".repeat(3_000)));

  @TempDir private Path folder = Path.of("unset");

  private final Gate gate = new Gate();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private MockUpstream upstream;
  private RouterProcess router;

  @BeforeEach
  void start() throws IOException {
    upstream =
        MockUpstream.with(
                request ->
                    switch (request.path()) {
                      case "/endless" -> ENDLESS;
                      case "/held" -> Reply.sse().await(gate).chunk(Chat.DONE).end();
                      default -> ANSWER;
                    })
            .recording(false)
            .start();
    String providers =
        "{\"name\": \"%s\", \"api_base_url\": \"%s\", \"api_key\": \"k\", \"profile\": \"plain\"}";
    String config =
        "{\"Providers\": [%s, %s, %s], \"Router\": {\"default\": \"quick,m\"}}"
            .formatted(
                providers.formatted("quick", upstream.url("/quick")),
                providers.formatted("held", upstream.url("/held")),
                providers.formatted("endless", upstream.url("/endless")));
    router =
        RouterProcess.start(
            RouterProcess.program(
                List.of("-Xmx" + MEMORY, "-XX:MaxDirectMemorySize=" + MEMORY), config),
            folder);
  }

  @AfterEach
  void stop() throws Exception {
    gate.open();
    clients.shutdownNow();
    router.close();
    upstream.close();
  }

  private static String head(int length) {
    return "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: " + length + "\r\n\r\n";
  }

  private static String body(String provider, int size) {
    String body = Chat.request(provider + ",m", true);
    return body.replace("Hello", "Hello" + "x".repeat(Math.max(0, size - body.length())));
  }

  /** The answer to a request, to its end. */
  private String ask(String provider, int size) throws IOException {
    String body = body(provider, size);
    try (Socket client = router.connect()) {
      client.getOutputStream().write((head(body.length()) + body).getBytes(UTF_8));
      return read(client);
    }
  }

  private static String read(Socket client) throws IOException {
    StringBuilder answer = new StringBuilder();
    byte[] read = new byte[8 << 10];
    while (answer.indexOf("message_stop") < 0 && answer.indexOf("request_id") < 0) {
      int count = client.getInputStream().read(read);
      if (count < 0) {
        return "cut: " + answer;
      }
      answer.append(new String(read, 0, count, UTF_8));
    }
    return answer.toString();
  }

  private void assertItLives() throws IOException {
    assertTrue(router.process().isAlive(), router::errors);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String answer = "";
    while (!answer.contains("message_stop")) { // as soon as it has let go of the others
      assertTrue(System.nanoTime() < deadline, answer);
      answer = ask("quick", LARGE);
    }
    assertFalse(router.errors().contains("OutOfMemory"), router::errors);
  }

  @Test
  void moreLargeBodiesThanThereIsRoomForAreRefusedFromTheirHeads() throws Exception {
    String body = body("quick", LARGE);
    List<Socket> admitted = new ArrayList<>();
    for (int i = 0; i < ROOM; i++) {
      Socket client = router.connect();
      client.getOutputStream().write((head(LARGE) + body.substring(0, 1_000)).getBytes(UTF_8));
      admitted.add(client);
      router.awaitMetric("ccr_requests_admitted", i + 1);
    }
    for (int i = ROOM; i < CLIENTS; i++) {
      try (Socket client = router.connect()) {
        String sent = i % 10 == 0 ? body : body.substring(0, 1_000); // some write all the same
        client.getOutputStream().write((head(LARGE) + sent).getBytes(UTF_8));
        String answer = read(client);
        assertTrue(answer.startsWith("HTTP/1.1 529"), answer);
        assertTrue(answer.contains("\r\nretry-after: "), answer);
      }
    }
    for (Socket client : admitted) {
      client.getOutputStream().write(body.substring(1_000).getBytes(UTF_8));
      assertTrue(read(client).contains("message_stop"), "whoever was let in is answered");
      client.close();
    }
    assertItLives();
  }

  @Test
  void clientsWhoDoNotReadAreBoundedAndTheirBytesGivenBack() throws Exception {
    List<Socket> slow = new ArrayList<>();
    byte[] request = (head(body("endless", 0).length()) + body("endless", 0)).getBytes(UTF_8);
    for (int i = 0; i < SLOW; i++) {
      Socket client = router.connect();
      slow.add(client);
      client.getOutputStream().write(request);
    }
    upstream.awaitStalled(SLOW, PATIENCE); // the router takes no more of their answers
    assertItLives(); // for others, though it keeps what those clients do not read
    double kept = router.metrics().of("ccr_bytes_in_flight");
    assertTrue(kept < SLOW * MOST_KEPT, () -> kept + " bytes are kept");
    upstream.awaitStalled(SLOW, PATIENCE); // nobody was given up either
    for (Socket client : slow) {
      client.close();
    }
    assertItLives();
    router.awaitMetric("ccr_requests_admitted", 0);
  }

  @Test
  void aBodyThatWaitsForItsUpstreamIsNotKeptForIt() throws Exception {
    List<Future<String>> held = new ArrayList<>();
    int bodies = 2 * ROOM;
    for (int i = 0; i < bodies; i++) {
      held.add(clients.submit(() -> ask("held", LARGE)));
      router.awaitMetric("ccr_requests_admitted", i + 1);
      router.awaitMetric("ccr_bytes_in_flight", 0);
    }
    gate.open();
    for (Future<String> each : held) {
      assertTrue(
          each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).contains("message_stop"), "whole");
    }
    assertItLives();
  }
}
