package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.Usage;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestLogTest {

  private final RequestLog log = new RequestLog(new Metrics());

  private static Route route(String model) {
    return new Route(Samples.target("chat").provider().provider(), model, "default");
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private String line() {
    log.end(millis(7));
    return log.toString().replace(log.requestId(), "ID");
  }

  @Test
  void aLineTellsOfARequestAndItsAnswer() {
    log.begin(Samples.post("/v1/messages?key=secret"), 0);
    log.route(route("m/x:free"), Samples.SNAPSHOT);
    Usage usage = new Usage();
    usage.inputTokens = 1;
    usage.cacheReadTokens = 2;
    usage.outputTokens = 3;
    log.usage(usage);
    log.status(200);
    log.flushed(millis(5));
    assertEquals(
        "ID POST /v1/messages -> 200 default chat,m/x:free, tokens 1 in 2 cached 3 out,"
            + " first event 5 ms, 7 ms, done",
        line());
  }

  @Test
  void aRequestKnowsNothingOfTheOneBefore() {
    log.begin(Samples.post("/1"), 0);
    log.route(route("m"), Samples.SNAPSHOT);
    log.usage(new Usage());
    log.status(500);
    log.flushed(1);
    log.outcome(RequestLog.INTERNAL_ERROR, "words");
    log.end(2);
    log.begin(Samples.post("/2"), 0);
    assertEquals("ID POST /2 -> 0, 7 ms, done", line());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\u001b[2J", "\u0000", "\u0085", "\u009b", "\u2028", "\t"})
  void nothingAPeerSendsBreaksTheLine(String evil) {
    log.begin(Samples.post("/path"), 0);
    log.route(route("m" + evil), Samples.SNAPSHOT);
    log.outcome("not_found_error", "model: \"a" + evil + "b\"");
    String line = line();
    assertTrue(line.chars().allMatch(c -> c >= ' ' && c <= '~'), line);
  }

  @Test
  void aPathCannotBreakTheLineEither() {
    try (TestLine client = new TestLine(Samples.SNAPSHOT)) {
      client.send("POST /a\u001b[2J HTTP/1.1\nhost: a\n\n");
    }
    log.begin(Samples.post("/a\u001b[2J\u009b"), 0);
    assertEquals("ID POST /a?[2J? -> 0, 7 ms, done", line());
  }

  @Test
  void aLongMessageIsCut() {
    log.begin(Samples.post("/"), 0);
    log.outcome("api_error", "a".repeat(100_000));
    assertTrue(line().length() < 1000);
  }

  @Test
  void aKeyThatAnUpstreamQuotesIsStruckOut() {
    log.begin(Samples.post("/v1/messages"), 0);
    log.route(route("m"), Samples.SNAPSHOT);
    log.outcome("api_error", "no such key: chat-key");
    assertEquals(
        "ID POST /v1/messages -> 0 default chat,m, 7 ms, api_error: no such key: ***", line());
  }

  @Test
  void aClientThatLeavesIsNamed() {
    EmbeddedChannel client = new EmbeddedChannel(new PipeliningHandler(log));
    client.freezeTime();
    client.writeInbound(Samples.post("/"), LastHttpContent.EMPTY_LAST_CONTENT);
    client.finishAndReleaseAll();
    assertEquals(
        "ID POST / -> 0, 0 ms, client_left", log.toString().replace(log.requestId(), "ID"));
  }

  @Test
  void aFailureThatMadeUsCloseIsNotBlamedOnTheClient() {
    EmbeddedChannel client = new EmbeddedChannel(new PipeliningHandler(log));
    client.freezeTime();
    client.writeInbound(Samples.post("/"), LastHttpContent.EMPTY_LAST_CONTENT);
    log.outcome(RequestLog.UPSTREAM_CUT, "it broke off");
    client.finishAndReleaseAll();
    assertEquals(
        "ID POST / -> 0, 0 ms, upstream_cut: it broke off",
        log.toString().replace(log.requestId(), "ID"));
  }
}
