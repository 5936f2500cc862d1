package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.skipTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /metrics} of a whole router. */
final class MetricsLineTest {

  private static HttpResponse<String> ask(Router router, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + router.port() + "/metrics"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return router.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The value of the one sample that has all the parts. */
  private static double sample(String metrics, String... parts) {
    List<String> lines =
        metrics
            .lines()
            .filter(line -> !line.startsWith("#"))
            .filter(line -> Arrays.stream(parts).allMatch(line::contains))
            .toList();
    assertEquals(1, lines.size(), () -> Arrays.toString(parts) + " in:\n" + metrics);
    return Double.parseDouble(lines.getFirst().replaceAll(".* ", ""));
  }

  @Test
  void requestsAreCountedByWhoAnsweredAndHow() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream)) {
      for (int i = 0; i < 3; i++) {
        router.post(Chat.request("openai,hello", true));
      }
      router.post(Chat.request("openai,error-429", true));
      router.post(Chat.request("nobody,x", true));
      HttpResponse<String> response = ask(router);
      assertEquals(200, response.statusCode());
      assertEquals(
          "text/plain; version=0.0.4; charset=utf-8",
          response.headers().firstValue("content-type").orElse(""));
      String metrics = response.body();
      assertEquals(
          3, sample(metrics, "ccr_requests_total{", "\"done\"", "\"explicit\"", "\"hello\""));
      assertEquals(
          1, sample(metrics, "ccr_requests_total{", "\"upstream_error\"", "\"other\"", "\"429\""));
      assertEquals(
          1, sample(metrics, "ccr_requests_total{", "\"not_found_error\"", "ccr_rule=\"\""));
      assertEquals(1, sample(metrics, "ccr_upstream_responses_total", "\"openai\"", "\"429\""));
      assertEquals(3, sample(metrics, "time_to_first_token_seconds_count", "\"hello\""));
      assertTrue(sample(metrics, "token_usage_sum", "\"hello\"", "\"output\"") > 0);
      assertEquals(1, sample(metrics, "ccr_request_overhead_seconds_count", "\"new\""));
      assertEquals(3, sample(metrics, "ccr_request_overhead_seconds_count", "\"pooled\""));
      assertEquals(4, sample(metrics, "ccr_response_overhead_seconds_count"));
      assertTrue(sample(metrics, "ccr_received_bytes_total ") > 0);
      assertTrue(sample(metrics, "ccr_sent_bytes_total ") > 0);
      assertEquals(0, sample(metrics, "ccr_requests_in_flight "));
      assertTrue(sample(metrics, "ccr_client_connections ") > 0);
      assertEquals(1, sample(metrics, "ccr_upstream_connections "));
      assertEquals(1, sample(metrics, "ccr_upstream_connections_opened_total "));
      assertEquals(0, sample(metrics, "ccr_upstream_waiting_requests "));
    }
  }

  /** A proxy on this machine asks for others. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "accept, text/plain, 200",
    "x-forwarded-for, 192.0.2.1, 401",
    "forwarded, for=192.0.2.1, 401",
  })
  void whoIsOnThisMachineNeedsNoKey(String header, String value, int status) throws Exception {
    try (MockUpstream upstream = MockUpstream.start(r -> Reply.closeAtOnce());
        Router router = Router.start(upstream)) {
      assertEquals(status, ask(router, header, value).statusCode());
      assertEquals(200, ask(router, header, value, "x-api-key", Router.KEY).statusCode());
    }
  }

  @Test
  void whatIsUnderWayIsSeenAndAClientThatLeavesIsNoError() throws Exception {
    Gate gate = new Gate();
    Reply held = Reply.sse().chunk(Chat.text("one")).await(gate).chunk(Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> held);
        Router router = Router.start(upstream)) {
      try (Socket client = router.connect()) {
        client.getOutputStream().write(Router.raw(Chat.request("openai,hello", true)));
        BufferedReader answer =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        skipTo(answer, "one");
        assertEquals(1, sample(ask(router).body(), "ccr_requests_in_flight "));
      }
      router.awaitNothingInFlight();
      String metrics = ask(router).body();
      assertEquals(1, sample(metrics, "ccr_requests_total{", "\"client_left\"", "\"200\""));
      assertEquals(
          1, sample(metrics, "gen_ai_server_request_duration_seconds_count", "error_type=\"\""));
      gate.open();
    }
  }
}
