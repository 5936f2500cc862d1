package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A request that is dear to count delays nobody else. Gaps in a stream beside it would tell that
 * too, but as well those of the JVM that has all sides of the test in it: so processor time is
 * measured, of the threads that the streams are on and of those that count.
 */
final class HostileBodyTest {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  /** What the names of the threads begin with. */
  private static final String LOOPS = "eventLoops-";

  private static final String COUNTERS = "token-counter-";

  private static final int CONNECTIONS = 2 * Runtime.getRuntime().availableProcessors();

  /** With it a request's tokens have to be counted, and without it nobody asks for them. */
  private static final String LONG_CONTEXT =
      ", \"longContext\": \"openai,long\", \"longContextThreshold\": 1200000";

  /** What the texts below cost at least, in milliseconds: half of one request's deadline. */
  private static final long COUNTED_MILLIS = 250;

  /**
   * Times what a loop has to do without counting. Bounds are looked for on it, which takes as long
   * again as all the rest; with counting it would be five times and more.
   */
  private static final int MOST_FOR_BOUNDS = 4;

  /** Processor time in milliseconds. */
  private record Cost(long loops, long counters) {}

  /** Texts of which bounds cannot tell whether they are over the threshold. */
  private static Stream<String> hostileTexts() {
    StringBuilder hanzi = new StringBuilder();
    new Random(1).ints(2_000_000, 0x4e00, 0x9fa5).forEach(c -> hanzi.append((char) c));
    StringBuilder letters = new StringBuilder();
    new Random(2).ints(6_000_000, 'a', 'z' + 1).forEach(c -> letters.append((char) c));
    return Stream.of(hanzi.toString(), letters.toString(), "a".repeat(7_000_000));
  }

  @Test
  void hostileBodiesAreNotCountedWhereStreamsFlow() throws Exception {
    post(""); // the first time all code is slow
    Cost uncounted = post("");
    Cost counted = post(LONG_CONTEXT);
    String figures = "without counting " + uncounted + ", with it " + counted;
    assertEquals(0, uncounted.counters(), figures);
    assertTrue(uncounted.loops() > 0, figures);
    assertTrue(counted.counters() > COUNTED_MILLIS, figures);
    assertTrue(counted.loops() < MOST_FOR_BOUNDS * uncounted.loops(), figures);
  }

  /** Sends all texts to a new router, on several connections at once. */
  private static Cost post(String routes) throws Exception {
    String router =
        "\"Router\": {\"default\": \"openai,hello\"%s},".formatted(routes);
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router line = Router.start(upstream, router);
        ExecutorService posters = Executors.newFixedThreadPool(CONNECTIONS)) {
      assertEquals(200, line.post(Chat.request("openai,hello", false)).statusCode());
      long loops = processorMillis(LOOPS);
      for (String text : (Iterable<String>) hostileTexts()::iterator) {
        String body =
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
                + text + "\"}]}";
        List<CompletableFuture<Integer>> answers =
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> status(line, body), posters))
                .limit(CONNECTIONS)
                .toList();
        for (CompletableFuture<Integer> answer : answers) {
          assertEquals(200, answer.get(60, TimeUnit.SECONDS));
        }
      }
      return new Cost(
          processorMillis(LOOPS) - loops,
          processorMillis(COUNTERS));
    }
  }

  /** What the threads have taken that are there now and whose names begin so. */
  private static long processorMillis(String name) {
    long nanos = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith(name)) {
        nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId())); // -1: it has ended
      }
    }
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static int status(Router router, String body) {
    try {
      return router.post(body).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
