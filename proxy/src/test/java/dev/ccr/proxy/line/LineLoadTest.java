package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Much at once, and much in small pieces. */
final class LineLoadTest {

  private static final int STREAMS = 64;
  private static final int EVENTS = 1_000;
  private static final int LARGE = 2 << 20;

  @Test
  void twoMegabytesGiveTheSameBytesInOneWriteAndInSingleBytes() throws Exception {
    StringBuilder body = new StringBuilder(LARGE + 1_000);
    for (int i = 0; body.length() < LARGE; i++) {
      body.append(Chat.text("piece " + i + " \\\"käse\\\" \\ud83d\\ude00 日本\\n"));
    }
    byte[] bytes = body.append(Chat.STOP).append(Chat.DONE).toString()
        .getBytes(StandardCharsets.UTF_8);
    String whole = answer(Reply.sse().chunk(bytes).end());
    assertTrue(whole.endsWith("data: {\"type\":\"message_stop\"}\n\n"), "the stream is complete");
    assertEquals(whole, answer(Reply.sse().cut(bytes, 1).end()));
  }

  @Test
  void manyStreamsAtOnceAllComeToTheirEnd() throws Exception {
    List<String> events =
        IntStream.range(0, EVENTS)
            .mapToObj(i -> Chat.text("word" + i + " "))
            .collect(Collectors.toCollection(ArrayList::new));
    events.add(Chat.STOP);
    events.add(Chat.DONE);
    Reply reply = Reply.sse(events);
    String expected = answer(reply);
    assertEquals(EVENTS, expected.split("text_delta", -1).length - 1);
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream);
        ExecutorService clients = Executors.newFixedThreadPool(STREAMS)) {
      List<Future<String>> answers =
          IntStream.range(0, STREAMS)
              .mapToObj(
                  i -> clients.submit(() -> router.post(Chat.request("openai,m", true)).body()))
              .toList();
      for (Future<String> answer : answers) {
        assertEquals(expected, answer.get(60, TimeUnit.SECONDS));
      }
    }
  }

  private static String answer(Reply reply) throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream)) {
      return router.post(Chat.request("openai,m", true)).body();
    }
  }
}
