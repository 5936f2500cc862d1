package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProbeHandlerTest {

  private static final String LOADED_AT = "2026-11-25T08:20:00Z";
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse(LOADED_AT));

  private final EmbeddedChannel client = new EmbeddedChannel();
  private final Drain drain = new Drain();
  private LiveConfig config = new LiveConfig(Samples.SNAPSHOT, CLOCK);

  private FullHttpResponse ask(String method, String uri, String accept) {
    return ask(method, uri, accept, "");
  }

  private FullHttpResponse ask(String method, String uri, String accept, String key) {
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), uri);
    request.headers().set("accept", accept).set("x-api-key", key);
    client.writeInbound(request, Samples.content("x"), LastHttpContent.EMPTY_LAST_CONTENT);
    return client.readOutbound();
  }

  private void start() {
    client.freezeTime();
    client
        .pipeline()
        .addLast(new ProbeHandler("1.2.3", client.eventLoop().ticker().nanoTime(), config, drain));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "GET, /health",
    "HEAD, /health",
    "GET, /health?verbose",
    "GET, http://router/health",
    "GET, /",
    "HEAD, /",
    "HEAD, /api/hello"
  })
  void aProbeIsAnsweredAndGoesNoFurther(String method, String uri) {
    start();
    FullHttpResponse response = ask(method, uri, "*/*");
    assertEquals(200, response.status().code());
    assertEquals("application/json", response.headers().get("content-type"));
    assertEquals("no-store", response.headers().get("cache-control"));
    assertEquals(response.content().readableBytes(), response.headers().getInt("content-length"));
    assertEquals(
        "{\"status\":\"ok\",\"version\":\"1.2.3\",\"uptime_seconds\":0,\"config\":{\"state\":\"ok\","
            + "\"loaded_at\":\"2026-11-25T08:20:00Z\",\"problems\":[],\"needs_restart\":[]},"
            + "\"providers\":{\"chat\":{\"circuit\":\"closed\",\"keys\":1,\"keys_ready\":1},"
            + "\"claude\":{\"circuit\":\"closed\",\"keys\":1,\"keys_ready\":1}}}",
        Samples.take(response.content()));
    assertFalse(client.finish(), "head and body are swallowed");
  }

  @Test
  void aRouterThatTakesLeaveIsNotHealthyButStillThere() {
    start();
    drain.enter(Drain.Stage.LEAVING);
    FullHttpResponse health = ask("GET", "/health", "*/*");
    assertEquals(503, health.status().code());
    assertTrue(Samples.take(health.content()).startsWith("{\"status\":\"draining\","));
    FullHttpResponse text = ask("GET", "/health", "text/plain");
    assertEquals(503, text.status().code());
    assertEquals("draining", Samples.take(text.content()));
    FullHttpResponse root = ask("HEAD", "/", "*/*");
    assertEquals(200, root.status().code(), "Claude Code asks whether the address is right");
    root.release();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "POST, /health",
    "POST, /",
    "GET, /api/hello",
    "GET, /healthy",
    "GET, /health/",
    "GET, //health",
    "HEAD, /v1/messages",
    "POST, /v1/messages"
  })
  void anythingElseGoesOn(String method, String uri) {
    start();
    assertNull(ask(method, uri, "*/*"));
    assertEquals(3, client.inboundMessages().size(), "head, body and end");
    client.finishAndReleaseAll();
  }

  @Test
  void whoWantsTextGetsText() {
    start();
    FullHttpResponse response = ask("GET", "/health", "text/plain");
    assertEquals("text/plain; charset=utf-8", response.headers().get("content-type"));
    assertEquals("OK", Samples.take(response.content()));
  }

  @Test
  void theTimeSinceTheStartIsTold() {
    start();
    client.advanceTimeBy(90, TimeUnit.SECONDS);
    FullHttpResponse response = ask("GET", "/health", "*/*");
    String body = Samples.take(response.content());
    assertEquals("90", body.replaceAll(".*\"uptime_seconds\":(\\d+),.*", "$1"));
  }

  @ParameterizedTest(name = "APIKEY \"{0}\", sent \"{1}\"")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "       |        | [\"config.json:2: a: \\\"b\\\"\",\"config.json:3: c\"]",
        "secret | secret | [\"config.json:2: a: \\\"b\\\"\",\"config.json:3: c\"]",
        "secret | other  | [\"2 (told to those who send a key)\"]",
        "secret |        | [\"2 (told to those who send a key)\"]",
      })
  void aRejectedFileIsToldWithItsProblemsToThoseWhoMayKnow(
      @Nullable String apiKey, @Nullable String sent, String problems) {
    config = new LiveConfig(Samples.snapshot(orEmpty(apiKey)), CLOCK);
    config.reject(List.of("config.json:2: a: \"b\"", "config.json:3: c"));
    start();
    FullHttpResponse response = ask("GET", "/health", "*/*", orEmpty(sent));
    assertEquals(200, response.status().code(), "it runs");
    String json = Samples.take(response.content());
    assertEquals(
        "{\"state\":\"rejected\",\"loaded_at\":\"" + LOADED_AT + "\",\"problems\":" + problems
            + ",\"needs_restart\":[]}",
        json.replaceAll(".*\"config\":|,\"providers\":.*|}$", ""));
    assertEquals(
        problems.contains("config.json"), json.contains("circuit"), "providers are told likewise");
  }

  @Test
  void whatWaitsForARestartIsToldAndAGoodFileClearsTheProblems() {
    config.reject(List.of("config.json: bad"));
    config.replace(Samples.SNAPSHOT, List.of("HOST", "PORT"));
    start();
    assertEquals(
        "{\"state\":\"ok\",\"loaded_at\":\"" + LOADED_AT
            + "\",\"problems\":[],\"needs_restart\":[\"HOST\",\"PORT\"]}",
        Samples.take(ask("GET", "/", "*/*").content())
            .replaceAll(".*\"config\":|,\"providers\":.*", ""));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Test
  void aRequestBehindAProbeGoesOn() {
    start();
    ask("GET", "/health", "*/*").release();
    assertNull(ask("POST", "/v1/messages", "*/*"));
    assertEquals(3, client.inboundMessages().size());
    client.finishAndReleaseAll();
  }
}
