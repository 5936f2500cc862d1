package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProbeHandlerTest {

  private final EmbeddedChannel client = new EmbeddedChannel();

  private FullHttpResponse ask(String method, String uri, String accept) {
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), uri);
    request.headers().set("accept", accept);
    client.writeInbound(request, Samples.content("x"), LastHttpContent.EMPTY_LAST_CONTENT);
    return client.readOutbound();
  }

  private void start() {
    client.freezeTime();
    client
        .pipeline()
        .addLast(new ProbeHandler("1.2.3", client.eventLoop().ticker().nanoTime()));
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
        "{\"status\":\"ok\",\"version\":\"1.2.3\",\"uptime_seconds\":0}",
        Samples.take(response.content()));
    assertFalse(client.finish(), "head and body are swallowed");
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
    assertEquals("90", body.replaceAll(".*\"uptime_seconds\":(\\d+)}", "$1"));
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
