package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Http2Peer;
import dev.ccr.proxy.testing.Router;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole line in front of an upstream that speaks HTTP/2. */
final class Http2UpstreamLineTest {

  private static final long PATIENCE_SECONDS = 20;

  private Http2Peer peer;
  private Router router;

  @BeforeEach
  void start() throws Exception {
    peer = Http2Peer.start(Http2Settings.defaultSettings());
    Config config =
        ConfigReader.parse(
            "test.json",
            """
            {"APIKEY": "%s", "Providers": [{"name": "openai", "api_key": "k", "models": ["m"],
              "api_base_url": "%s/v1/chat/completions"}]}
            """
                .formatted(Router.KEY, peer.origin()),
            Map.of("CCR_PORT", "0"));
    router = Router.start(config, Http2Peer.trust());
  }

  @AfterEach
  void close() {
    router.close();
    peer.close();
  }

  private CompletableFuture<HttpResponse<String>> post() {
    HttpRequest request =
        router
            .request("/v1/messages")
            .POST(HttpRequest.BodyPublishers.ofString(Chat.request("openai,m", true)))
            .build();
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return router.send(request, HttpResponse.BodyHandlers.ofString());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static HttpResponse<String> got(CompletableFuture<HttpResponse<String>> response)
      throws Exception {
    return response.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static Http2Peer.Request events(Http2Peer.Request request) {
    return request.headers(
        new DefaultHttp2Headers().status("200").add("content-type", "text/event-stream"), false);
  }

  @Test
  void aStreamIsTranslatedAndItsConnectionUsedAgain() throws Exception {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<HttpResponse<String>> response = post();
      Http2Peer.Request request = peer.next();
      assertEquals("/v1/chat/completions", request.headers().path().toString());
      assertEquals("Bearer k", request.headers().get("authorization").toString());
      events(request.head("103", false)).data(Chat.text("hi"), false).data(Chat.DONE, true);
      String body = got(response).body();
      assertTrue(body.contains("\"text\":\"hi\""), body);
      assertTrue(body.endsWith("data: {\"type\":\"message_stop\"}\n\n"), body);
    }
    assertEquals(1, peer.acceptedConnections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"NO_ERROR", "INTERNAL_ERROR", "CANCEL", "end", "break"})
  void aStreamThatEndsTooEarlyIsAnErrorAndNeverAnEnd(String how) throws Exception {
    CompletableFuture<HttpResponse<String>> response = post();
    Http2Peer.Request request = events(peer.next()).data(Chat.text("hi"), false);
    switch (how) {
      case "end" -> request.data("", true);
      case "break" -> request.hangUp();
      default -> request.reset(Http2Error.valueOf(how));
    }
    String body = got(response).body();
    assertTrue(body.contains("event: error"), body);
    assertFalse(body.contains("message_stop"), body);
  }

  @Test
  void aStreamThatIsCutBehindItsFinishIsComplete() throws Exception {
    CompletableFuture<HttpResponse<String>> response = post();
    events(peer.next())
        .data(Chat.text("hi") + Chat.STOP, false)
        .reset(Http2Error.INTERNAL_ERROR);
    String body = got(response).body();
    assertTrue(body.endsWith("data: {\"type\":\"message_stop\"}\n\n"), body);
  }

  @Test
  void aResetInsteadOfAnAnswerIsA502() throws Exception {
    CompletableFuture<HttpResponse<String>> response = post();
    peer.next().reset(Http2Error.INTERNAL_ERROR);
    HttpResponse<String> answer = got(response);
    assertEquals(502, answer.statusCode());
    assertTrue(
        answer.body().contains("it reset the stream without an answer: INTERNAL_ERROR"),
        answer.body());
  }

  @ParameterizedTest
  @CsvSource({"429, true", "400, false"})
  void anErrorArrivesAsItIs(String status, boolean reset) throws Exception {
    CompletableFuture<HttpResponse<String>> response = post();
    Http2Peer.Request request = peer.next();
    request
        .headers(
            new DefaultHttp2Headers()
                .status(status)
                .add("content-type", "application/json")
                .add("x-upstream", "yes"),
            false)
        .data("{\"error\": 1}", true);
    if (reset) { // RFC 9113, section 8.1: the rest of the request is not wanted
      request.reset(Http2Error.NO_ERROR);
    }
    HttpResponse<String> answer = got(response);
    assertEquals(status, String.valueOf(answer.statusCode()));
    assertEquals("{\"error\": 1}", answer.body());
    assertEquals("yes", answer.headers().firstValue("x-upstream").orElseThrow());
    assertNull(answer.headers().firstValue("x-http2-stream-id").orElse(null));
  }

  @Test
  void aCompressedStreamIsDecompressed() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write((Chat.text("hi") + Chat.DONE).getBytes(StandardCharsets.UTF_8));
    }
    CompletableFuture<HttpResponse<String>> response = post();
    peer.next()
        .headers(
            new DefaultHttp2Headers()
                .status("200")
                .add("content-type", "text/event-stream")
                .add("content-encoding", "gzip"),
            false)
        .data(zipped.toByteArray(), true);
    assertTrue(got(response).body().endsWith("data: {\"type\":\"message_stop\"}\n\n"));
  }

  @Test
  void aClientThatLeavesCancelsItsStreamAndNoOther() throws Exception {
    CompletableFuture<HttpResponse<String>> stays = post();
    Http2Peer.Request other = peer.next();
    try (Socket client = router.connect()) {
      client.getOutputStream().write(Router.raw(Chat.request("openai,m", true)));
      events(peer.next()).data(Chat.text("hi"), false);
      assertTrue(client.getInputStream().read() > 0);
    }
    assertEquals(Http2Error.CANCEL.code(), peer.nextReset());
    events(other).data(Chat.text("hi"), false).data(Chat.DONE, true);
    assertTrue(got(stays).body().contains("message_stop"));
  }
}
