package dev.ccr.proxy.metrics;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The figures as Prometheus reads them. Names are those of OpenTelemetry's conventions for
 * generative AI where there are any; all others begin with {@code ccr_}. Its library is loaded when
 * somebody asks. Any thread may use it.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
public final class Exposition {

  /** The media type of {@link #text()}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String OPERATION = "gen_ai_operation_name";
  private static final String PROVIDER = "gen_ai_provider_name";
  private static final String MODEL = "gen_ai_request_model";
  private static final String STATUS = "http_response_status_code";

  private final Metrics metrics;
  private final String version;
  private final Map<String, Integer> circuits;

  /**
   * @param version the router's
   * @param circuits by the provider's name: 0 for closed, 1 for half open, 2 for open
   */
  public Exposition(Metrics metrics, String version, Map<String, Integer> circuits) {
    this.metrics = metrics;
    this.version = version;
    this.circuits = Map.copyOf(circuits);
  }

  /** All figures of this moment. */
  public String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
    try {
      PrometheusTextFormatWriter.create()
          .write(
              out,
              MetricSnapshots.of(
                  requests(),
                  answers(),
                  attempts(),
                  circuits(),
                  histogram(
                      "gen_ai_server_request_duration_seconds",
                      "From the first byte of a request to the last of its answer.",
                      model -> model.duration),
                  histogram(
                      "gen_ai_server_time_to_first_token_seconds",
                      "From the first byte of a request to the first of its answer.",
                      model -> model.firstEvent),
                  tokens(),
                  cachedTokens(),
                  requestOverhead(),
                  responseOverhead(),
                  ClientExposition.requests(metrics),
                  ClientExposition.tokens(metrics),
                  ClientExposition.refused(metrics),
                  refusals(),
                  counter("ccr_received_bytes", "Of clients' bodies.", metrics.bytesIn),
                  counter("ccr_sent_bytes", "Of bodies to clients.", metrics.bytesOut),
                  gauge("ccr_requests_in_flight", "Under way.", metrics.inFlight.sum()),
                  gauge("ccr_client_connections", "Open.", metrics.connections.sum()),
                  gauge("ccr_requests_admitted", "Under way.", metrics.admitted()),
                  gauge("ccr_bytes_in_flight", "Kept bodies.", metrics.bytesInFlight()),
                  lag(),
                  gauge(
                      "ccr_upstream_connections",
                      "Open, idle ones included.",
                      metrics.upstreams.open().getAsLong()),
                  gauge(
                      "ccr_upstream_waiting_requests",
                      "Without a connection yet.",
                      metrics.upstreams.waiting().getAsLong()),
                  counter(
                      "ccr_upstream_connections_opened",
                      "To upstreams.",
                      metrics.upstreams.opened().getAsLong()),
                  buffers(),
                  heap(),
                  gauge("jvm_memory_max_bytes", "Of the heap.", Runtime.getRuntime().maxMemory()),
                  GaugeSnapshot.builder()
                      .name("ccr_build_info")
                      .help("Which version runs.")
                      .dataPoint(point(1, Labels.of("version", version)))
                      .build()),
              EscapingScheme.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException("a stream to memory failed", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private CounterSnapshot requests() {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder().name("ccr_requests").help("Requests that are over.");
    metrics.requests.forEach(
        (request, count) ->
            requests.dataPoint(
                counted(
                    count,
                    Labels.of(
                        OPERATION, request.operation(),
                        PROVIDER, request.provider(),
                        MODEL, request.model(),
                        "ccr_rule", request.rule(),
                        STATUS, String.valueOf(request.status()),
                        "ccr_outcome", request.outcome()))));
    return requests.build();
  }

  private CounterSnapshot answers() {
    CounterSnapshot.Builder answers =
        CounterSnapshot.builder().name("ccr_upstream_responses").help("Answers of providers.");
    metrics.answers.forEach(
        (answer, count) ->
            answers.dataPoint(
                counted(
                    count,
                    Labels.of(
                        PROVIDER, answer.provider(), STATUS, String.valueOf(answer.status())))));
    return answers.build();
  }

  private CounterSnapshot attempts() {
    CounterSnapshot.Builder attempts =
        CounterSnapshot.builder()
            .name("ccr_upstream_attempts")
            .help("Requests to providers, by why they were made.");
    metrics.attempts.forEach(
        (attempt, count) ->
            attempts.dataPoint(
                counted(
                    count,
                    Labels.of(PROVIDER, attempt.provider(), "ccr_attempt", attempt.kind()))));
    return attempts.build();
  }

  private GaugeSnapshot circuits() {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("ccr_circuit_state")
            .help("Of a provider: 0 closed, 1 half open, 2 open.");
    circuits.forEach(
        (provider, state) -> gauge.dataPoint(point(state, Labels.of(PROVIDER, provider))));
    return gauge.build();
  }

  private HistogramSnapshot histogram(
      String name, String help, Function<Metrics.ModelFigures, Histogram> which) {
    HistogramSnapshot.Builder histogram = HistogramSnapshot.builder().name(name).help(help);
    metrics.models.forEach(
        (model, figures) -> add(which.apply(figures), labels(model), histogram));
    return histogram.build();
  }

  private HistogramSnapshot tokens() {
    HistogramSnapshot.Builder tokens =
        HistogramSnapshot.builder()
            .name("gen_ai_client_token_usage")
            .help("Tokens of a request; input has the cached ones.");
    metrics.models.forEach(
        (model, figures) -> {
          String type = "gen_ai_token_type";
          add(figures.inputTokens, labels(model).add(type, "input"), tokens);
          add(figures.outputTokens, labels(model).add(type, "output"), tokens);
        });
    return tokens.build();
  }

  private CounterSnapshot cachedTokens() {
    CounterSnapshot.Builder cached =
        CounterSnapshot.builder()
            .name("ccr_cached_tokens")
            .help("Input tokens read from a provider's cache, and written to it.");
    metrics.models.forEach(
        (model, figures) -> {
          Labels labels = labels(model);
          cached.dataPoint(counted(figures.cacheRead, labels.add("ccr_cache", "read")));
          cached.dataPoint(counted(figures.cacheWritten, labels.add("ccr_cache", "write")));
        });
    return cached.build();
  }

  private HistogramSnapshot requestOverhead() {
    String connection = "ccr_connection";
    HistogramSnapshot.Builder overhead =
        HistogramSnapshot.builder()
            .name("ccr_request_overhead_seconds")
            .help("From the first byte of a request to the last byte of the upstream's.");
    add(metrics.pooledOverhead, Labels.of(connection, "pooled"), overhead);
    add(metrics.connectingOverhead, Labels.of(connection, "new"), overhead);
    return overhead.build();
  }

  private HistogramSnapshot responseOverhead() {
    HistogramSnapshot.Builder overhead =
        HistogramSnapshot.builder()
            .name("ccr_response_overhead_seconds")
            .help("From the upstream's bytes that begin an answer to the first byte of it.");
    add(metrics.responseOverhead, Labels.EMPTY, overhead);
    return overhead.build();
  }

  private HistogramSnapshot refusals() {
    HistogramSnapshot.Builder refusals =
        HistogramSnapshot.builder()
            .name("ccr_refusal_seconds")
            .help("From the head of a request that a limit refuses to the end of the answer.");
    add(metrics.refusals, Labels.EMPTY, refusals);
    return refusals.build();
  }

  private GaugeSnapshot lag() {
    return GaugeSnapshot.builder()
        .name("ccr_event_loop_lag_seconds")
        .help("How far the slowest event loop is behind, again and again.")
        .dataPoint(
            GaugeDataPointSnapshot.builder().value(metrics.lagNanos() / 1e9).build())
        .build();
  }

  /** Netty's buffers, if its allocator counts them. */
  private static GaugeSnapshot buffers() {
    GaugeSnapshot.Builder buffers =
        GaugeSnapshot.builder().name("ccr_buffer_used_bytes").help("Memory of Netty's buffers.");
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
      ByteBufAllocatorMetric metric = provider.metric();
      buffers.dataPoint(point(metric.usedDirectMemory(), Labels.of("area", "direct")));
      buffers.dataPoint(point(metric.usedHeapMemory(), Labels.of("area", "heap")));
    }
    return buffers.build();
  }

  private static GaugeSnapshot heap() {
    Runtime runtime = Runtime.getRuntime();
    return gauge(
        "jvm_memory_used_bytes", "Of the heap.", runtime.totalMemory() - runtime.freeMemory());
  }

  private static Labels labels(Metrics.Model model) {
    return Labels.of(
        OPERATION, model.operation(),
        PROVIDER, model.provider(),
        MODEL, model.model(),
        "error_type", model.error());
  }

  private static CounterSnapshot counter(String name, String help, LongAdder count) {
    return counter(name, help, count.sum());
  }

  private static CounterSnapshot counter(String name, String help, long count) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(
            CounterDataPointSnapshot.builder().value((double) count).labels(Labels.EMPTY).build())
        .build();
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(value, Labels.EMPTY))
        .build();
  }

  private static CounterDataPointSnapshot counted(LongAdder count, Labels labels) {
    return CounterDataPointSnapshot.builder().value((double) count.sum()).labels(labels).build();
  }

  private static GaugeDataPointSnapshot point(long value, Labels labels) {
    return GaugeDataPointSnapshot.builder().value((double) value).labels(labels).build();
  }

  /** Adds a histogram that has values. */
  private static void add(Histogram histogram, Labels labels, HistogramSnapshot.Builder out) {
    Distribution values = histogram.values();
    if (values.size() == 0) {
      return;
    }
    Scale scale = histogram.scale();
    double[] bounds = new double[scale.buckets()];
    Arrays.setAll(bounds, scale::shown);
    out.dataPoint(
        HistogramDataPointSnapshot.builder()
            .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, values.counts()))
            .sum(scale.shownValue(histogram.sum()))
            .labels(labels)
            .build());
  }
}
