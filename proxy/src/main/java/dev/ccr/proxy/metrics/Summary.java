package dev.ccr.proxy.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Sums up in the log what has been counted since it last did; says nothing if that is nothing. Any
 * thread may ask for it.
 */
public final class Summary {

  private static final Logger LOG = LoggerFactory.getLogger("ccr.metrics");

  private static final double MEDIAN = 0.5;
  private static final double MOST = 0.95;

  private final Metrics metrics;
  private Totals last;

  /** Begins with what has been counted already. */
  public Summary(Metrics metrics) {
    this.metrics = metrics;
    last = Totals.of(metrics);
  }

  /** Logs a line if there was traffic. */
  public synchronized void log() {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    Totals now = Totals.of(metrics);
    Totals recent = now.since(last);
    last = now;
    if (recent.requests() > 0) {
      log(recent, Math.max(0, metrics.inFlight.sum()));
    }
  }

  private static void log(Totals recent, long inFlight) {
    List<String> words = new ArrayList<>();
    LoggingEventBuilder entry = LOG.atInfo();
    String statuses = statuses(recent);
    words.add(recent.requests() + " requests (" + statuses + ")");
    entry = entry.addKeyValue("requests", recent.requests()).addKeyValue("statuses", statuses);
    if (recent.durations().size() > 0) {
      double median = recent.durations().quantile(MEDIAN);
      double most = recent.durations().quantile(MOST);
      words.add("median " + seconds(median) + ", 95 % in " + seconds(most));
      entry = millis(entry, "duration_p50_ms", median);
      entry = millis(entry, "duration_p95_ms", most);
    }
    if (recent.firstEvents().size() > 0) {
      double median = recent.firstEvents().quantile(MEDIAN);
      words.add("first event in " + seconds(median));
      entry = millis(entry, "first_event_p50_ms", median);
    }
    words.add(
        "tokens " + recent.inputTokens() + " in (" + recent.cachedTokens() + " cached) "
            + recent.outputTokens() + " out");
    entry =
        entry
            .addKeyValue("input_tokens", recent.inputTokens())
            .addKeyValue("cache_read_tokens", recent.cachedTokens())
            .addKeyValue("output_tokens", recent.outputTokens());
    String errors = errors(recent);
    words.add("errors " + (errors.isEmpty() ? "none" : errors));
    entry = entry.addKeyValue("errors", errors);
    if (recent.requestOverheads().size() > 0 && recent.responseOverheads().size() > 0) {
      double request = recent.requestOverheads().quantile(MEDIAN);
      double response = recent.responseOverheads().quantile(MEDIAN);
      words.add("added " + seconds(request) + " + " + seconds(response));
      entry = millis(entry, "request_overhead_p50_ms", request);
      entry = millis(entry, "response_overhead_p50_ms", response);
    }
    words.add(inFlight + " in flight");
    entry.addKeyValue("in_flight", inFlight).log(String.join(", ", words));
  }

  /** Failed requests of all requests, for each provider that had some. */
  private static String errors(Totals recent) {
    return recent.errors().entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue() + "/" + recent.providers().get(e.getKey()))
        .collect(Collectors.joining(" "));
  }

  private static String statuses(Totals recent) {
    return recent.statuses().entrySet().stream()
        .map(e -> e.getKey() + ": " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  private static LoggingEventBuilder millis(
      LoggingEventBuilder entry, String name, double seconds) {
    return entry.addKeyValue(name, Math.round(seconds * 1e6) / 1e3);
  }

  private static String seconds(double seconds) {
    if (seconds >= 1) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return String.format(Locale.ROOT, seconds >= 0.01 ? "%.0f ms" : "%.2f ms", seconds * 1e3);
  }
}
