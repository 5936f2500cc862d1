package dev.ccr.proxy.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.LongAdder;

/** The figures of clients with names, and of limits. */
final class ClientExposition {

  private static final String CLIENT = "ccr_client";

  private ClientExposition() {}

  static CounterSnapshot requests(Metrics metrics) {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder()
            .name("ccr_client_requests")
            .help("Requests that are over, by whose key they had.");
    metrics.clients.forEach(
        (asked, count) ->
            requests.dataPoint(
                point(
                    count,
                    Labels.of(
                        CLIENT, asked.client(),
                        "http_response_status_code", String.valueOf(asked.status())))));
    return requests.build();
  }

  static CounterSnapshot tokens(Metrics metrics) {
    CounterSnapshot.Builder tokens =
        CounterSnapshot.builder()
            .name("ccr_client_tokens")
            .help("Tokens of requests and answers; input has the cached ones.");
    String type = "gen_ai_token_type";
    metrics.clientTokens.forEach(
        (client, sums) -> {
          tokens.dataPoint(point(sums.input, Labels.of(CLIENT, client, type, "input")));
          tokens.dataPoint(point(sums.output, Labels.of(CLIENT, client, type, "output")));
        });
    return tokens.build();
  }

  static CounterSnapshot refused(Metrics metrics) {
    CounterSnapshot.Builder refused =
        CounterSnapshot.builder()
            .name("ccr_refused_requests")
            .help("Requests and connections that a limit refused.");
    metrics.refused.forEach(
        (key, count) ->
            refused.dataPoint(
                point(count, Labels.of("ccr_limit", key.limit(), CLIENT, key.client()))));
    return refused.build();
  }

  private static CounterDataPointSnapshot point(LongAdder count, Labels labels) {
    return CounterDataPointSnapshot.builder().value((double) count.sum()).labels(labels).build();
  }
}
