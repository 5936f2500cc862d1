package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again and what is not, over real sockets. */
final class AttemptsLineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String RETRY = ", 'retry': {'attempts': 3, 'baseDelayMs': 1}";
  private static final String FALLBACK = ", 'fallback': {'default': ['b,m', 'c,m']}";

  private final Attempts attempts = new Attempts();

  @AfterEach
  void close() {
    attempts.close();
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String fields(String letters) {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      fields.append(
          switch (letter) {
            case 'R' -> RETRY;
            case 'F' -> FALLBACK;
            case 'D' -> ", 'fallback': {'default': ['down,m', 'b,m']}";
            case 'L' -> ", 'fallback': {'default': ['b,m', 'down,m']}";
            case 'C' -> ", 'fallback': {'default': ['claude,m']}";
            default -> throw new IllegalArgumentException(letters);
          });
    }
    return fields.toString();
  }

  /**
   * Keys of a; R for retries, F, D, L and C for fallbacks; the model; what the providers answer; the
   * status, who answered, after how many attempts; who was asked with which key.
   */
  @ParameterizedTest(name = "{1}{0} {2}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        // by default what the upstream says is what the client gets
        "1 |    | x      | a: ok                        | 200 a 1 | a1",
        "1 |    | x      | a: 503                       | 503 a 1 | a1",
        "1 |    | x      | a: 429/1                     | 429 a 1 | a1",
        "1 |    | x      | a: 401                       | 401 a 1 | a1",
        "1 |    | x      | a: lost                      | 502 a 1 | a1",
        "1 |    | x      | a: reset                     | 502 a 1 | a1",
        "1 |    | x      | a: error                     | 503 a 1 | a1",
        "1 |    | down,m | a: ok                        | 502 down 1 | ''",
        // several keys
        "3 |    | x      | a: 429/60 401 ok             | 200 a 3 | a1 a2 a3",
        "3 |    | x      | a: 402 429 401               | 401 a 3 | a1 a2 a3",
        "2 |    | x      | a: 503                       | 503 a 1 | a1",
        "2 |    | x      | a: 403                       | 403 a 1 | a1",
        "2 |    | a,m    | a: 429 ok                    | 200 a 2 | a1 a2",
        // retries
        "1 | R  | x      | a: 503 529 ok                | 200 a 3 | a1 a1 a1",
        "1 | R  | x      | a: lost reset ok             | 200 a 3 | a1 a1 a1",
        "1 | R  | x      | a: error empty ok            | 200 a 3 | a1 a1 a1",
        "1 | R  | x      | a: html ok                   | 200 a 2 | a1 a1",
        "1 | R  | x      | a: 503 503 500               | 500 a 3 | a1 a1 a1",
        "1 | R  | x      | a: 429/0 408 409             | 409 a 3 | a1 a1 a1",
        "1 | R  | x      | a: 429/60                    | 429 a 1 | a1",
        "1 | R  | x      | a: 400                       | 400 a 1 | a1",
        "1 | R  | down,m | a: ok                        | 502 down 3 | ''",
        "1 | R  | x      | a: 503~ ok                   | 200 a 2 | a1 a1",
        "2 | R  | x      | a: 503 429 ok                | 200 a 3 | a1 a2 a1",
        // never once the client has something
        "1 | RF | x      | a: cut                       | 200 a 1 | a1",
        // fallbacks
        "1 | F  | x      | a: 503, b: 429, c: ok        | 200 c 3 | a1 b1 c1",
        "1 | F  | x      | a: lost, b: ok               | 200 b 2 | a1 b1",
        "1 | F  | x      | a: error, b: ok              | 200 b 2 | a1 b1",
        "1 | F  | x      | a: empty, b: ok              | 200 b 2 | a1 b1",
        "1 | F  | x      | a: html, b: ok               | 200 b 2 | a1 b1",
        "1 | F  | x      | a: half, b: ok               | 200 b 2 | a1 b1",
        "1 | F  | x      | a: 404, b: 402, c: 529/9     | 529 c 3 | a1 b1 c1",
        "1 | F  | x      | a: 503, b: 400               | 400 b 2 | a1 b1",
        "1 | F  | x      | a: 400                       | 400 a 1 | a1",
        "1 | F  | x      | a: 401                       | 401 a 1 | a1",
        "1 | F  | x      | a: 413                       | 413 a 1 | a1",
        "1 | F  | x      | a: 422                       | 422 a 1 | a1",
        "1 | F  | a,m    | a: 503                       | 503 a 1 | a1",
        "1 | D  | x      | a: 503, b: ok                | 200 b 3 | a1 b1",
        "1 | L  | x      | a: 503, b: 503               | 502 down 3 | a1 b1",
        "1 | C  | x      | a: 503, claude: ok           | 200 claude 2 | a1 claude1",
        "2 | F  | x      | a: 429 401, b: ok            | 401 a 2 | a1 a2",
        "2 | F  | x      | a: 401 429, b: ok            | 200 b 3 | a1 a2 b1",
        "1 | RF | x      | a: 503 503 503, b: ok        | 200 b 4 | a1 a1 a1 b1",
      })
  void whatIsTriedAndWhatTheClientGets(
      int keys, @Nullable String more, String model, String script, String expected, String asked)
      throws Exception {
    attempts.answers(script);
    try (Router router = Router.start(attempts.config(keys, fields(more == null ? "" : more)))) {
      HttpResponse<String> answer = router.post(Chat.request(model, true));
      String count = header(answer, "x-ccr-attempts");
      assertEquals(
          expected,
          answer.statusCode() + " " + header(answer, "x-ccr-provider") + " "
              + (count.isEmpty() ? "1" : count),
          answer.body());
      assertEquals(asked, attempts.asked());
      assertWhole(answer);
    }
  }

  private static void assertWhole(HttpResponse<String> answer) {
    String provider = header(answer, "x-ccr-provider");
    if (answer.statusCode() == 200) {
      assertTrue(
          answer.body().contains("message_stop") || answer.body().contains("event: error"),
          answer.body());
    } else if (!header(answer, "x-of").isEmpty()) { // the upstream's own words
      assertEquals(provider, header(answer, "x-of"));
      assertEquals(
          "{\"error\": {\"message\": \"" + provider + " says " + answer.statusCode() + "\"}}",
          answer.body());
    }
  }

  @Test
  void anAnswerThatBeginsAndFailsInOneReadLetsGoOfItsRequest() throws Exception {
    String read =
        Chat.text("one") + "data: {\"error\": {\"message\": \"m\", \"code\": 529}}\n\n";
    try (MockUpstream upstream = MockUpstream.start(request -> Reply.sse().chunk(read).end());
        Router router = Router.start(upstream, "\"retry\": {\"attempts\": 2},")) {
      for (int i = 0; i < 3; i++) { // what is kept for ever is found behind the test
        String body = router.post(Chat.request("openai,m", true)).body();
        assertTrue(body.contains("one") && body.contains("event: error"), body);
      }
    }
  }

  @Test
  void anErrorThatNobodyIsGivenAndThatDoesNotEndKeepsNoConnection() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Gate never = new Gate();
    Reply half = Reply.status(503).header("content-length", "9").chunk("half").await(never).end();
    Reply good = Reply.sse().chunk(Chat.text("one") + Chat.STOP + Chat.DONE).end();
    try (MockUpstream upstream =
            MockUpstream.start(request -> asked.getAndIncrement() == 0 ? half : good);
        Router router = Router.start(upstream, "\"retry\": {\"attempts\": 2},")) {
      assertWhole(router.post(Chat.request("openai,m", true)));
      upstream.awaitConnections(1, PATIENCE); // that of the answer
    }
  }

  @Test
  void theLastErrorArrivesWithItsHeaders() throws Exception {
    attempts.answers("a: 503, b: 529/7, c: 429/9");
    try (Router router = Router.start(attempts.config(1, FALLBACK))) {
      HttpResponse<String> answer = router.post(Chat.request("x", true));
      assertEquals(429, answer.statusCode());
      assertEquals("9", header(answer, "retry-after"));
      assertEquals("{\"error\": {\"message\": \"c says 429\"}}", answer.body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lost", "reset"})
  void aStaleConnectionIsNoReasonToFail(String how) throws Exception {
    attempts.answers("a: ok " + how + " ok");
    try (Router router = Router.start(attempts.config(1, ""))) {
      assertEquals(200, router.post(Chat.request("x", true)).statusCode());
      HttpResponse<String> answer = router.post(Chat.request("x", true));
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals("2", header(answer, "x-ccr-attempts"));
      assertEquals(
          List.of(1, 1, 2),
          attempts.upstream.requests().stream().map(MockRequest::connection).toList());
    }
  }

  /** The second of them met a new connection, the first byte of an answer, an interim answer. */
  @ParameterizedTest
  @ValueSource(strings = {"ok lost lost", "ok half", "ok interim"})
  void whoeverSaidAnythingOrIsNewIsNotStale(String script) throws Exception {
    attempts.answers("a: " + script);
    try (Router router = Router.start(attempts.config(1, ""))) {
      assertEquals(200, router.post(Chat.request("x", true)).statusCode());
      HttpResponse<String> answer = router.post(Chat.request("x", true));
      assertEquals(502, answer.statusCode(), answer.body());
      assertEquals(script.split(" ", -1).length, attempts.upstream.requests().size());
    }
  }

  @Test
  void aLargeBodyIsSentAgainAsItWas() throws Exception {
    attempts.answers("a: 503 ok");
    String text = "0123456789".repeat(500_000);
    try (Router router = Router.start(attempts.config(1, RETRY))) {
      HttpResponse<String> answer =
          router.post(Chat.request("x", true).replace("\"Hello\"", "\"" + text + "\""));
      assertEquals(200, answer.statusCode(), answer.body());
      List<MockRequest> sent = attempts.upstream.requests();
      assertEquals(2, sent.size());
      assertEquals(sent.getFirst().content(), sent.getLast().content());
      assertTrue(sent.getLast().body().contains(text));
    }
  }

  @ParameterizedTest(name = "fields \"{0}\": kept {1}")
  @CsvSource({"'', false", "R, true", "F, true"})
  void aBodyIsKeptOnlyAsLongAsThereMayBeAnotherAttempt(String more, boolean kept)
      throws Exception {
    int length = 20_000_000;
    attempts.answers("claude: ok, a: silence");
    String body = Chat.request("x", true).replace("Hello", "0123456789".repeat(length / 10));
    try (Router router = Router.start(attempts.config(1, fields(more)))) {
      router.post(Chat.request("claude,m", true)); // whatever is made once is there
      long before = bufferBytes(router);
      try (Socket client = router.connect()) {
        client.getOutputStream().write(Router.raw(body));
        attempts.upstream.awaitRequests(2, PATIENCE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!kept && bufferBytes(router) - before > length / 2) {
          assertFalse(System.nanoTime() > deadline, "the body is still there");
        }
        assertTrue(!kept || bufferBytes(router) - before > length, "nothing left to send again");
      }
      router.awaitNothingInFlight();
    }
  }

  /** Of buffers outside the heap, where bodies are. */
  private static long bufferBytes(Router router) throws Exception {
    return (long) router.metrics().of("ccr_buffer_used_bytes{area=\"direct\"}");
  }

  @Test
  void anAnswerThatIsNotStreamedMayBeLostInItsMiddle() throws Exception {
    attempts.answers("a: cut ok");
    try (Router router = Router.start(attempts.config(1, RETRY))) {
      HttpResponse<String> answer = router.post(Chat.request("x", false));
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals("a1 a1", attempts.asked());
      assertTrue(answer.body().contains("\"by a\""), answer.body());
    }
  }

  @Test
  void aSilentUpstreamIsLeftForTheFallback() throws Exception {
    attempts.answers("a: silence, b: ok");
    try (Router router =
        Router.start(attempts.config(1, RETRY + FALLBACK + ", 'API_TIMEOUT_MS': 50"))) {
      HttpResponse<String> answer = router.post(Chat.request("x", true));
      assertEquals("b", header(answer, "x-ccr-provider"), answer.body());
      assertEquals("a1 b1", attempts.asked(), "whoever was silent is not asked again");
    }
  }

  @Test
  void aClientThatLeavesEndsTheWait() throws Exception {
    attempts.answers("a: 503/1 503/1 ok ok");
    try (Router router = Router.start(attempts.config(1, RETRY))) {
      try (Socket client = router.connect()) {
        client.getOutputStream().write(Router.raw(Chat.request("x", true)));
        router.awaitMetric(
            "ccr_upstream_responses_total{gen_ai_provider_name=\"a\","
                + "http_response_status_code=\"503\"}",
            1);
      }
      router.awaitNothingInFlight();
      // The next one waits as long, so that the wait of the first would be over before.
      assertEquals(200, router.post(Chat.request("x", true)).statusCode());
      assertEquals("a1 a1 a1", attempts.asked());
    }
  }

  @Test
  void aClientThatLeavesEndsASecondAttempt() throws Exception {
    attempts.answers("a: 503, b: silence");
    try (Router router = Router.start(attempts.config(1, FALLBACK))) {
      try (Socket client = router.connect()) {
        client.getOutputStream().write(Router.raw(Chat.request("x", true)));
        attempts.upstream.awaitRequests(2, PATIENCE);
      }
      router.awaitNothingInFlight();
      attempts.upstream.awaitConnections(1, PATIENCE); // that of a, which is idle
    }
  }

  @Test
  void aKeyThatCoolsDownDoesSoAfterAReload() throws Exception {
    attempts.answers("a: 429/60 ok ok ok");
    try (Router router = Router.start(attempts.config(2, ""))) {
      router.post(Chat.request("x", true));
      assertEquals("a1 a2", attempts.asked());
      router.listener().loaded(attempts.config(2, ", 'LOG_LEVEL': 'warn'"));
      router.post(Chat.request("x", true));
      router.post(Chat.request("x", true));
      assertEquals("a2 a2", attempts.asked());
    }
  }

  @Test
  void tokensAreCountedWithKeysThatTakeTurns() throws Exception {
    attempts.answers("claude: 429/60 none");
    try (Router router = Router.start(attempts.claude("'1', '2'"))) {
      for (int i = 0; i < 3; i++) {
        router.post("/v1/messages/count_tokens", Chat.request("x", false));
      }
      assertEquals("claude1 claude2 claude2", attempts.asked());
    }
  }

  @Test
  void aProviderThatIsDownIsPassedOverAndItsStateIsTold() throws Exception {
    attempts.answers("a: 500 500 500, b: ok ok ok ok");
    String fields = FALLBACK + ", 'circuitBreaker': {'failures': 3, 'openMs': 3600000}";
    try (Router router = Router.start(attempts.config(1, fields))) {
      for (int i = 0; i < 4; i++) {
        assertEquals(200, router.post(Chat.request("x", true)).statusCode());
      }
      assertEquals("a1 b1 a1 b1 a1 b1 b1", attempts.asked());
      String health = get(router, "/health");
      assertTrue(
          health.contains("\"a\":{\"circuit\":\"open\",\"keys\":1,\"keys_ready\":1}"), health);
      assertTrue(health.contains("\"b\":{\"circuit\":\"closed\""), health);
      String metrics = router.metrics().text();
      List.of(
              "ccr_circuit_state{gen_ai_provider_name=\"a\"} 2.0",
              "ccr_circuit_state{gen_ai_provider_name=\"b\"} 0.0",
              "ccr_upstream_attempts_total{ccr_attempt=\"first\",gen_ai_provider_name=\"a\"} 3.0",
              "ccr_upstream_attempts_total{ccr_attempt=\"fallback\",gen_ai_provider_name=\"b\"} 4.0",
              "ccr_upstream_responses_total{gen_ai_provider_name=\"a\",http_response_status_code="
                  + "\"500\"} 3.0",
              "ccr_upstream_responses_total{gen_ai_provider_name=\"b\",http_response_status_code="
                  + "\"200\"} 4.0")
          .forEach(line -> assertTrue(metrics.contains(line), line + " in:\n" + metrics));
    }
  }

  @Test
  void withoutAFallbackOnlyWhoFailsFastIsSparedAProviderThatIsDown() throws Exception {
    String breaker = ", 'circuitBreaker': {'failures': 1, 'openMs': 3600000, 'failFast': ";
    attempts.answers("a: 500 503 500");
    try (Router router = Router.start(attempts.config(1, breaker + "false}"))) {
      assertEquals(500, router.post(Chat.request("x", true)).statusCode());
      assertEquals(503, router.post(Chat.request("x", true)).statusCode());
      assertEquals("a1 a1", attempts.asked(), "it is asked all the same");
    }
    try (Router router = Router.start(attempts.config(1, breaker + "true}"))) {
      assertEquals(500, router.post(Chat.request("x", true)).statusCode());
      HttpResponse<String> answer = router.post(Chat.request("x", true));
      assertEquals(503, answer.statusCode());
      assertEquals("3599", header(answer, "retry-after"));
      assertTrue(answer.body().contains("\"overloaded_error\""), answer.body());
      assertEquals("a1", attempts.asked());
    }
  }

  private static String get(Router router, String path) throws Exception {
    return router
        .send(router.request(path).GET().build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
