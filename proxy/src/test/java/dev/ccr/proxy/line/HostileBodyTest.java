package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.ReplyBuilder;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A request that is dear to count delays nobody else. */
final class HostileBodyTest {

  private static final int EVENTS = 150;
  private static final Duration PACE = Duration.ofMillis(20);

  /** Counted on an event loop, the bodies below would hold its streams up for seconds each. */
  private static final long MAX_GAP_MILLIS = 1_500;

  private static final int CONNECTIONS = 2 * Runtime.getRuntime().availableProcessors();

  private static final String ROUTES =
      "\"Router\": {\"default\": \"openai,hello\", \"longContext\": \"openai,long\","
          + " \"longContextThreshold\": 1200000},";

  private static Reply paced() {
    ReplyBuilder reply = Reply.sse();
    for (int i = 0; i < EVENTS; i++) {
      reply.chunk(Chat.text("x")).pause(PACE);
    }
    return reply.chunk(Chat.STOP + Chat.DONE).end();
  }

  /** Texts of which bounds cannot tell whether they are over the threshold. */
  private static Stream<String> hostileTexts() {
    StringBuilder hanzi = new StringBuilder();
    new Random(1).ints(2_000_000, 0x4e00, 0x9fa5).forEach(c -> hanzi.append((char) c));
    StringBuilder letters = new StringBuilder();
    new Random(2).ints(6_000_000, 'a', 'z' + 1).forEach(c -> letters.append((char) c));
    return Stream.of(hanzi.toString(), letters.toString(), "a".repeat(7_000_000));
  }

  @Test
  void aStreamFlowsOnWhileHostileBodiesAreCounted() throws Exception {
    Reply paced = paced();
    Scenarios scenarios = new Scenarios();
    try (MockUpstream upstream =
            MockUpstream.start(
                request -> isPaced(request) ? paced : scenarios.reply(request));
        Router router = Router.start(upstream, ROUTES);
        ExecutorService posters = Executors.newFixedThreadPool(CONNECTIONS)) {
      router.post(Chat.request("openai,hello", false)); // warm
      CompletableFuture<Long> gap = CompletableFuture.supplyAsync(() -> largestGap(router));
      for (String text : (Iterable<String>) hostileTexts()::iterator) {
        String body =
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
                + text + "\"}]}";
        // On as many connections as it takes to meet the stream's own event loop.
        List<CompletableFuture<Integer>> answers =
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> status(router, body), posters))
                .limit(CONNECTIONS)
                .toList();
        for (CompletableFuture<Integer> answer : answers) {
          assertEquals(200, answer.get(60, TimeUnit.SECONDS));
        }
      }
      long millis = gap.get(60, TimeUnit.SECONDS);
      assertTrue(millis < MAX_GAP_MILLIS, "the stream stood still for " + millis + " ms");
    }
  }

  private static int status(Router router, String body) {
    try {
      return router.post(body).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isPaced(MockRequest request) {
    return request.content().remaining() < 1_000 && request.body().contains("\"paced\"");
  }

  /** Reads the paced stream; the longest time between two reads, in milliseconds. */
  private static long largestGap(Router router) {
    HttpRequest request =
        router
            .request("/v1/messages")
            .POST(HttpRequest.BodyPublishers.ofString(Chat.request("openai,paced", true)))
            .build();
    try (InputStream in =
        router.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      long last = System.nanoTime();
      long largest = 0;
      byte[] buffer = new byte[4096];
      while (in.read(buffer) >= 0) {
        long now = System.nanoTime();
        largest = Math.max(largest, now - last);
        last = now;
      }
      return TimeUnit.NANOSECONDS.toMillis(largest);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
