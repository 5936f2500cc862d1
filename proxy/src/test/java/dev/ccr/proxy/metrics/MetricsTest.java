package dev.ccr.proxy.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetricsTest {

  private static final long SECOND = 1_000_000_000;

  private final Metrics metrics = new Metrics();

  private static RequestFigures chat() {
    RequestFigures figures = new RequestFigures();
    figures.operation = Operation.CHAT;
    figures.provider = "p";
    figures.model = "m";
    figures.rule = "default";
    figures.status = 200;
    figures.upstreamStatus = 200;
    figures.duration = 3 * SECOND;
    figures.firstEvent = SECOND / 2;
    figures.requestOverhead = SECOND / 10_000;
    figures.responseOverhead = SECOND / 20_000;
    figures.pooled = true;
    figures.bytesIn = 100;
    figures.bytesOut = 1_000;
    Usage usage = new Usage();
    usage.inputTokens = 10;
    usage.cacheReadTokens = 200;
    usage.cacheCreationTokens = 3;
    usage.outputTokens = 40;
    figures.usage = usage;
    return figures;
  }

  private List<String> samples() {
    return new Exposition(metrics, "1.2.3", Map.of())
        .text()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private void assertSample(String expected) {
    List<String> samples = samples();
    assertTrue(samples.contains(expected), () -> expected + " in:\n" + String.join("\n", samples));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ccr_requests_total{ccr_outcome=\"done\",ccr_rule=\"default\",LABELS,"
            + "http_response_status_code=\"200\"} 1.0",
        "ccr_upstream_responses_total{gen_ai_provider_name=\"p\","
            + "http_response_status_code=\"200\"} 1.0",
        "gen_ai_server_request_duration_seconds_bucket{error_type=\"\",LABELS,le=\"2.56\"} 0",
        "gen_ai_server_request_duration_seconds_bucket{error_type=\"\",LABELS,le=\"5.12\"} 1",
        "gen_ai_server_request_duration_seconds_sum{error_type=\"\",LABELS} 3.0",
        "gen_ai_server_time_to_first_token_seconds_bucket{error_type=\"\",LABELS,le=\"0.25\"} 0",
        "gen_ai_server_time_to_first_token_seconds_bucket{error_type=\"\",LABELS,le=\"0.5\"} 1",
        "gen_ai_client_token_usage_sum{error_type=\"\",LABELS,gen_ai_token_type=\"input\"} 213.0",
        "gen_ai_client_token_usage_sum{error_type=\"\",LABELS,gen_ai_token_type=\"output\"} 40.0",
        "ccr_cached_tokens_total{ccr_cache=\"read\",error_type=\"\",LABELS} 200.0",
        "ccr_cached_tokens_total{ccr_cache=\"write\",error_type=\"\",LABELS} 3.0",
        "ccr_request_overhead_seconds_bucket{ccr_connection=\"pooled\",le=\"1.0E-4\"} 1",
        "ccr_response_overhead_seconds_bucket{le=\"5.0E-5\"} 1",
        "ccr_received_bytes_total 100.0",
        "ccr_sent_bytes_total 1000.0",
        "ccr_requests_in_flight 2.0",
        "ccr_client_connections 1.0",
        "ccr_upstream_connections 3.0",
        "ccr_upstream_connections_opened_total 5.0",
        "ccr_upstream_waiting_requests 4.0",
        "ccr_build_info{version=\"1.2.3\"} 1.0",
      })
  void aRequestIsSeenInAllItsFigures(String expected) {
    metrics.begun();
    metrics.begun();
    metrics.begun();
    metrics.ended();
    metrics.connected();
    metrics.upstreams(() -> 3, () -> 5, () -> 4);
    metrics.count(chat());
    assertSample(
        expected.replace(
            "LABELS",
            "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"p\","
                + "gen_ai_request_model=\"m\""));
  }

  @Test
  void memoryIsTold() {
    List<String> samples = samples();
    for (String name :
        List.of(
            "jvm_memory_used_bytes ",
            "jvm_memory_max_bytes ",
            "ccr_buffer_used_bytes{area=\"direct\"} ",
            "ccr_buffer_used_bytes{area=\"heap\"} ")) {
      assertTrue(samples.stream().anyMatch(line -> line.startsWith(name)), name);
    }
  }

  @Test
  void aRequestThatFailedHasItsErrorAndNoFirstEvent() {
    RequestFigures failed = chat();
    failed.outcome = "upstream_error";
    failed.status = 429;
    failed.usage = null;
    metrics.count(failed);
    String labels =
        "{error_type=\"upstream_error\",gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"p\","
            + "gen_ai_request_model=\"m\"}";
    assertSample("gen_ai_server_request_duration_seconds_count" + labels + " 1");
    assertTrue(
        samples().stream().noneMatch(line -> line.startsWith("gen_ai_server_time_to_first")));
  }

  @Test
  void whateverClientsAskForTheFiguresAreBounded() {
    for (int i = 0; i < 5_000; i++) {
      RequestFigures figures = chat();
      figures.provider = "p" + i;
      figures.model = "m" + i;
      metrics.count(figures);
    }
    List<String> samples = samples();
    assertTrue(samples.size() < 100_000, () -> samples.size() + " lines");
    assertSample(
        "ccr_requests_total{ccr_outcome=\"done\",ccr_rule=\"other\","
            + "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"other\","
            + "gen_ai_request_model=\"other\","
            + "http_response_status_code=\"200\"} 4000.0");
  }

  @Test
  void namesAreEscaped() {
    RequestFigures figures = chat();
    figures.provider = "a\"b\\c";
    metrics.count(figures);
    assertSample(
        "ccr_upstream_responses_total{gen_ai_provider_name=\"a\\\"b\\\\c\","
            + "http_response_status_code=\"200\"} 1.0");
  }

  @Test
  void thePaperHasAllFiguresAndNoOthers() throws IOException {
    RequestFigures connecting = chat();
    connecting.pooled = false;
    connecting.client = "alice";
    connecting.limit = "client_tokens";
    metrics.count(connecting);
    metrics.count(chat());
    metrics.attempted("p", "first");
    Set<String> told = new TreeSet<>();
    new Exposition(metrics, "1", Map.of("p", 2))
        .text()
        .lines()
        .filter(line -> line.startsWith("# TYPE "))
        .forEach(line -> told.add(line.split(" ", -1)[2]));
    Set<String> written = new TreeSet<>();
    Files.readString(Path.of("../docs/observability.md"))
        .lines()
        .filter(line -> line.matches("\\| `(ccr|gen_ai|jvm)_.*(counter|gauge|histogram).*"))
        .flatMap(line -> Pattern.compile("`([a-z_]+)`").matcher(line.split("\\|", -1)[1]).results())
        .forEach(name -> written.add(name.group(1)));
    assertEquals(written, told);
  }

  @Test
  void totalsTellWhatCameBetween() {
    metrics.count(chat());
    Totals before = Totals.of(metrics);
    RequestFigures failed = chat();
    failed.status = 502;
    failed.outcome = "api_error";
    failed.usage = null;
    metrics.count(failed);
    metrics.count(chat());
    Totals between = Totals.of(metrics).since(before);
    assertEquals(Map.of(200, 1L, 502, 1L), between.statuses());
    assertEquals(Map.of("p", 2L), between.providers());
    assertEquals(Map.of("p", 1L), between.errors());
    assertEquals(2, between.requests());
    assertEquals(2, between.durations().size());
    assertEquals(1, between.firstEvents().size());
    assertEquals(213, between.inputTokens());
    assertEquals(200, between.cachedTokens());
    assertEquals(40, between.outputTokens());
    assertEquals(0, between.since(between).requests());
  }
}
