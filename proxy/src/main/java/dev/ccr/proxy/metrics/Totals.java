package dev.ccr.proxy.metrics;

import java.util.Map;
import java.util.TreeMap;

/**
 * What has been counted up to a moment, over all models; or between two moments. Immutable.
 *
 * @param statuses requests by their status
 * @param providers requests by who answered
 * @param errors those of them that failed
 */
record Totals(
    Map<Integer, Long> statuses,
    Map<String, Long> providers,
    Map<String, Long> errors,
    Distribution durations,
    Distribution firstEvents,
    Distribution requestOverheads,
    Distribution responseOverheads,
    long inputTokens,
    long cachedTokens,
    long outputTokens) {

  static Totals of(Metrics metrics) {
    Map<Integer, Long> statuses = new TreeMap<>();
    Map<String, Long> providers = new TreeMap<>();
    Map<String, Long> errors = new TreeMap<>();
    metrics.requests.forEach(
        (request, adder) -> {
          long count = adder.sum();
          statuses.merge(request.status(), count, Long::sum);
          if (!request.provider().isEmpty()) {
            providers.merge(request.provider(), count, Long::sum);
            long failed = Metrics.isError(request.outcome()) ? count : 0;
            errors.merge(request.provider(), failed, Long::sum);
          }
        });
    Distribution durations = Distribution.none(Metrics.DURATION);
    Distribution firstEvents = Distribution.none(Metrics.FIRST_EVENT);
    long input = 0;
    long cached = 0;
    long output = 0;
    for (Metrics.ModelFigures model : metrics.models.values()) {
      durations = durations.plus(model.duration.values());
      firstEvents = firstEvents.plus(model.firstEvent.values());
      input += model.inputTokens.sum();
      cached += model.cacheRead.sum();
      output += model.outputTokens.sum();
    }
    return new Totals(
        statuses,
        providers,
        errors,
        durations,
        firstEvents,
        metrics.pooledOverhead.values(),
        metrics.responseOverhead.values(),
        input,
        cached,
        output);
  }

  /** What came between that moment and this. */
  Totals since(Totals before) {
    return new Totals(
        minus(statuses, before.statuses),
        minus(providers, before.providers),
        minus(errors, before.errors),
        durations.minus(before.durations),
        firstEvents.minus(before.firstEvents),
        requestOverheads.minus(before.requestOverheads),
        responseOverheads.minus(before.responseOverheads),
        inputTokens - before.inputTokens,
        cachedTokens - before.cachedTokens,
        outputTokens - before.outputTokens);
  }

  long requests() {
    return statuses.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Without what has not changed. */
  private static <K> Map<K, Long> minus(Map<K, Long> all, Map<K, Long> before) {
    Map<K, Long> rest = new TreeMap<>();
    all.forEach(
        (key, count) -> {
          long more = count - before.getOrDefault(key, 0L);
          if (more > 0) {
            rest.put(key, more);
          }
        });
    return rest;
  }
}
