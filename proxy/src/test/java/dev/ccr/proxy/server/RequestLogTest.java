package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.Usage;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestLogTest {

  private static final URI URL = URI.create("http://u");

  private final RequestLog log = new RequestLog();

  private String line() {
    return log.line(7).replace(log.requestId(), "ID");
  }

  @Test
  void aLineTellsOfARequestAndItsAnswer() {
    log.begin(Samples.post("/v1/messages?key=secret"), 0);
    log.route(new Route(new Provider("p", URL, List.of()), "m/x:free", "default"));
    Usage usage = new Usage();
    usage.inputTokens = 1;
    usage.cacheReadTokens = 2;
    usage.outputTokens = 3;
    log.usage(usage);
    log.status(200);
    assertEquals(
        "ID POST /v1/messages -> 200 default p,m/x:free, tokens 1 in 2 cached 3 out, 7 ms, done",
        line());
  }

  @Test
  void aRequestKnowsNothingOfTheOneBefore() {
    log.begin(Samples.post("/1"), 0);
    log.route(new Route(new Provider("p", URL, List.of()), "m", "default"));
    log.usage(new Usage());
    log.status(500);
    log.outcome("internal error");
    log.begin(Samples.post("/2"), 0);
    assertEquals("ID POST /2 -> 0, 7 ms, done", line());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\u001b[2J", "\u0000", "\u0085", "\u009b", "\u2028", "\t"})
  void nothingAPeerSendsBreaksTheLine(String evil) {
    log.begin(Samples.post("/path"), 0);
    log.route(new Route(new Provider("p" + evil, URL, List.of()), "m" + evil, "default"));
    log.outcome("not_found_error: model: \"a" + evil + "b\"");
    String line = log.line(7);
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
    log.outcome("a".repeat(100_000));
    assertTrue(log.line(7).length() < 1000);
  }

  @Test
  void aClientThatLeavesIsNamed() {
    EmbeddedChannel client = new EmbeddedChannel(new PipeliningHandler(log));
    client.writeInbound(Samples.post("/"), LastHttpContent.EMPTY_LAST_CONTENT);
    client.finishAndReleaseAll();
    assertEquals("ID POST / -> 0, 7 ms, client left", line());
  }

  @Test
  void aFailureThatMadeUsCloseIsNotBlamedOnTheClient() {
    EmbeddedChannel client = new EmbeddedChannel(new PipeliningHandler(log));
    client.writeInbound(Samples.post("/"), LastHttpContent.EMPTY_LAST_CONTENT);
    log.outcome("api_error: it broke off");
    client.finishAndReleaseAll();
    assertEquals("ID POST / -> 0, 7 ms, api_error: it broke off", line());
  }
}
