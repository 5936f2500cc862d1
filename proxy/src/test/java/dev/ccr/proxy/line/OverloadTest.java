package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Three times as many requests as there are places, from clients who do not wait for each other. */
final class OverloadTest {

  private static final int PLACES = 10;
  private static final int STREAMS_A_PLACE = 5;
  private static final Duration STREAM = Duration.ofMillis(300);
  private static final Duration OVERLOAD_TIME = Duration.ofSeconds(3);
  private static final int FACTOR = 3;
  private static final int MOST_ROUNDS = 3;

  private static final Reply REPLY =
      Reply.sse()
          .chunk(Chat.text("one"))
          .pause(STREAM.dividedBy(2))
          .chunk(Chat.text("two"))
          .pause(STREAM.dividedBy(2))
          .chunk(Chat.STOP)
          .chunk(Chat.DONE)
          .end();

  private record Answer(String text) {

    boolean isWhole() {
      return text.startsWith("HTTP/1.1 200") && text.contains("message_stop");
    }

    boolean isRefusal() {
      return text.startsWith("HTTP/1.1 529")
          && text.contains("\r\nretry-after: ")
          && text.contains("\"overloaded_error\"");
    }
  }

  private static Answer ask(Router router) throws IOException {
    String body = Chat.request("openai,m", true);
    try (Socket client = router.connect()) {
      client
          .getOutputStream()
          .write(
              ("POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: "
                      + Router.KEY + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
                  .getBytes(StandardCharsets.UTF_8));
      return new Answer(
          new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Whole answers a second while every place is taken and nobody is refused. */
  private static double peak(Router router, ExecutorService clients) throws Exception {
    long start = System.nanoTime();
    List<Future<Integer>> running = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      running.add(
          clients.submit(
              () -> {
                int refused = 0;
                for (int whole = 0; whole < STREAMS_A_PLACE; ) {
                  Answer answer = ask(router);
                  // A place is free a moment after its answer has been read to its end.
                  assertTrue(answer.isWhole() || answer.isRefusal(), answer::text);
                  refused += answer.isRefusal() ? 1 : 0;
                  whole += answer.isWhole() ? 1 : 0;
                }
                return refused;
              }));
    }
    for (Future<Integer> each : running) {
      each.get(60, TimeUnit.SECONDS);
    }
    return PLACES * STREAMS_A_PLACE * 1e9 / (System.nanoTime() - start);
  }

  /** The answers to requests that come at a rate, whatever becomes of those before them. */
  private static List<Answer> offer(Router router, double rate, ExecutorService clients)
      throws Exception {
    long start = System.nanoTime();
    long requests = Math.round(rate * OVERLOAD_TIME.toNanos() / 1e9);
    List<Future<Answer>> running = new ArrayList<>();
    for (long i = 0; i < requests; i++) {
      long due = start + Math.round(i * 1e9 / rate);
      for (long wait; (wait = due - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(wait);
      }
      running.add(clients.submit(() -> ask(router)));
    }
    List<Answer> answers = new ArrayList<>();
    for (Future<Answer> each : running) {
      answers.add(each.get(30, TimeUnit.SECONDS));
    }
    return answers;
  }

  /**
   * What a round has shown.
   *
   * @param quick refusals within 5 ms, as the router itself has measured them: clients wait for each
   *     other on a small machine
   */
  private record Round(double before, double after, double goodput, double quick, double refused) {

    boolean isGood() {
      double peak = Math.min(before, after); // others use this machine too
      return goodput >= 0.9 * peak && refused > 0 && quick >= leastQuick() * refused;
    }

    /** 99 %, unless threads wait for a processor anyway. */
    private static double leastQuick() {
      OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
      boolean busy = machine.getSystemLoadAverage() > 3 * machine.getAvailableProcessors();
      return busy ? 0.8 : 0.99;
    }
  }

  private static Round round(Router router, ExecutorService clients) throws Exception {
    double quickBefore = router.metrics().counted("ccr_refusal_seconds_bucket{le=\"0.005\"}");
    double allBefore = router.metrics().counted("ccr_refusal_seconds_count");
    double before = peak(router, clients);
    List<Answer> answers = offer(router, FACTOR * before, clients);
    assertEquals(
        List.of(),
        answers.stream().filter(each -> !each.isWhole() && !each.isRefusal()).toList());
    long good = answers.stream().filter(Answer::isWhole).count();
    // The last to find their places are half done, on average, when the offers end.
    double seconds = OVERLOAD_TIME.plus(STREAM.dividedBy(2)).toMillis() / 1e3;
    double after = peak(router, clients);
    return new Round(
        before,
        after,
        good / seconds,
        router.metrics().counted("ccr_refusal_seconds_bucket{le=\"0.005\"}") - quickBefore,
        router.metrics().counted("ccr_refusal_seconds_count") - allBefore);
  }

  @Test
  void whatIsTooMuchIsRefusedAtOnceAndTheRestGoesOnAsFastAsEver() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> REPLY);
        Router router = Router.start(upstream, "\"MAX_REQUESTS_IN_FLIGHT\": " + PLACES + ",");
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      peak(router, clients); // warms up
      List<Round> rounds = new ArrayList<>();
      do {
        rounds.add(round(router, clients));
      } while (!rounds.getLast().isGood() && rounds.size() < MOST_ROUNDS);
      System.out.println(rounds);
      assertTrue(rounds.getLast().isGood(), rounds::toString);
    }
  }
}
