package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadersTest {

  /** The head of a Claude client's request that sends all it could. */
  private static HttpRequest clientHead() {
    HttpRequest head = Samples.post("/v1/messages?beta=true");
    head.headers()
        .set("Host", "router")
        .set("Authorization", "Bearer client-token")
        .set("X-Api-Key", "client-key")
        .set("Cookie", "client=cookie")
        .set("Proxy-Authorization", "Basic client")
        .set("Anthropic-Version", "2099-01-01")
        .set("Anthropic-Beta", "one,two")
        .set("X-Stainless-Lang", "js")
        .set("X-Claude-Code-Session-Id", "client-session")
        .set("Accept-Encoding", "gzip, br, zstd")
        .set("Content-Length", "1")
        .set("User-Agent", "client/1");
    return head;
  }

  private static Map<String, String> upstreamHead(
      HttpRequest head, String provider, boolean stream) {
    Exchange exchange = Samples.exchange(head, provider, stream);
    HttpHeaders out = new DefaultHttpHeaders();
    Target target = Samples.target(provider);
    Headers.forUpstream(exchange, target, target.provider().apiKey(), 17, out);
    exchange.release();
    return asMap(out);
  }

  private static Map<String, String> asMap(HttpHeaders headers) {
    Map<String, String> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(header -> map.put(header.getKey(), header.getValue()));
    assertEquals(headers.size(), map.size(), "no header is sent twice");
    return map;
  }

  @Test
  void anOpenAiUpstreamGetsNoHeaderOfTheClient() {
    assertEquals(
        Map.of(
            "host", "chat.example",
            "content-type", "application/json",
            "content-length", "17",
            "accept", "application/json",
            "accept-encoding", "identity",
            "user-agent", "ccr/development",
            "authorization", "Bearer chat-key"),
        upstreamHead(clientHead(), "chat", false));
  }

  @Test
  void aClaudeUpstreamGetsTheClientsAnthropicHeadersAndNoOther() {
    assertEquals(
        Map.of(
            "host", "claude.example:8080",
            "content-type", "application/json",
            "content-length", "17",
            "accept", "text/event-stream",
            "accept-encoding", "identity",
            "user-agent", "ccr/development",
            "x-api-key", "claude-key",
            "Anthropic-Version", "2099-01-01",
            "Anthropic-Beta", "one,two"),
        upstreamHead(clientHead(), "claude", true));
  }

  @Test
  void aClaudeUpstreamGetsAVersionEvenIfTheClientNamesNone() {
    assertEquals(
        "2023-06-01",
        upstreamHead(Samples.post("/v1/messages"), "claude", true).get("anthropic-version"));
  }

  @ParameterizedTest
  @CsvSource({
    "chat, /v1/chat/completions",
    "claude, /v1/messages?api=1&beta=true",
  })
  void theClientsQueryGoesToAClaudeUpstreamOnly(String provider, String path) {
    assertEquals(path, Samples.target(provider).pathWith("beta=true"));
  }

  private static Map<String, String> passedOn(Map<String, List<String>> from) {
    HttpHeaders in = new DefaultHttpHeaders();
    from.forEach(in::add);
    HttpHeaders out = new DefaultHttpHeaders();
    Headers.passOn(in, out);
    return asMap(out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Access-Control-Allow-Origin",
        "access-control-allow-credentials",
        "Connection",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Connection",
        "Set-Cookie",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade"
      })
  void whatConcernsOneConnectionOrSiteDoesNotReachTheClient(String name) {
    assertEquals(Map.of(), passedOn(Map.of(name, List.of("a"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retry-after",
        "retry-after-ms",
        "x-should-retry",
        "x-ratelimit-remaining-requests",
        "anthropic-ratelimit-tokens-reset",
        "request-id",
        "x-request-id",
        "Content-Type",
        "content-length"
      })
  void everythingElseReachesTheClient(String name) {
    assertEquals(Map.of(name, "1"), passedOn(Map.of(name, List.of("1"))));
  }

  @Test
  void headersNamedByConnectionDoNotReachTheClient() {
    assertEquals(
        Map.of("x-d", "4"),
        passedOn(
            Map.of(
                "Connection", List.of("close , X-A", "x-b,x-c"),
                "x-a", List.of("1"),
                "X-B", List.of("2"),
                "x-c", List.of("3"),
                "x-d", List.of("4"))));
  }

  @Test
  void headersNamedByTheClientsConnectionDoNotReachTheUpstream() {
    HttpRequest head = clientHead();
    head.headers().add("Connection", "keep-alive, anthropic-BETA");
    assertFalse(upstreamHead(head, "claude", true).containsKey("Anthropic-Beta"));
    assertTrue(upstreamHead(head, "claude", true).containsKey("Anthropic-Version"));
  }

  @Test
  void theClientIsToldWhoAnsweredAndWhy() {
    Exchange exchange = Samples.exchange(Samples.post("/v1/messages"), "chat", true);
    HttpHeaders out = new DefaultHttpHeaders();
    Headers.describe(exchange.log(), out);
    assertEquals(
        Map.of(
            "x-ccr-route", "default",
            "x-ccr-provider", "chat",
            "x-ccr-model", "m",
            "request-id", exchange.log().requestId()),
        asMap(out));
    exchange.release();
  }

  @Test
  void aRequestWithoutARouteHasItsIdAlone() {
    HttpHeaders out = new DefaultHttpHeaders();
    RequestLog log = Samples.log();
    Headers.describe(log, out);
    assertEquals(Map.of("request-id", log.requestId()), asMap(out));
  }

  @Test
  void theUpstreamsRequestIdGoesBeforeOurs() {
    Exchange exchange = Samples.exchange(Samples.post("/v1/messages"), "claude", true);
    HttpHeaders out = new DefaultHttpHeaders().set("Request-Id", "theirs");
    Headers.describe(exchange.log(), out);
    assertEquals(List.of("theirs"), out.getAll("request-id"));
    exchange.release();
  }

  @Test
  void anEventStreamMayNotBeStoredOrCollected() {
    HttpHeaders out = new DefaultHttpHeaders();
    Headers.translated(true, out);
    assertEquals(
        Map.of(
            "content-type", "text/event-stream; charset=utf-8",
            "cache-control", "no-cache",
            "x-accel-buffering", "no"),
        asMap(out));
  }

  @Test
  void aWholeMessageIsJson() {
    HttpHeaders out = new DefaultHttpHeaders();
    Headers.translated(false, out);
    assertEquals("application/json", out.get("content-type"));
    assertNull(out.get("x-accel-buffering"));
    assertFalse(out.contains("content-length"), "it is set when it is known");
  }
}
