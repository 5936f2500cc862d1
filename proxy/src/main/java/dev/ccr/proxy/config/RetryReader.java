package dev.ccr.proxy.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code retry} and {@code circuitBreaker}. One a read; not thread-safe. */
final class RetryReader {

  private static final String STATUSES = "statuses";
  private static final int MAX_ATTEMPTS = 10;

  /** Longer than any client waits. */
  private static final int MAX_DELAY_MS = 3_600_000;

  /** As many results in a row as are remembered. */
  private static final int MAX_FAILURES = 32;

  private final Section root;
  private final ConfigProblems problems;

  RetryReader(Section root, ConfigProblems problems) {
    this.root = root;
    this.problems = problems;
  }

  RetrySettings retry() {
    Node.Obj object = root.object("retry");
    RetrySettings usual = Defaults.RETRY;
    if (object == null) {
      return usual;
    }
    Section section = new Section(root.path("retry"), object, KnownKeys.RETRY, problems);
    Long attempts = section.count("attempts", "a number of attempts", MAX_ATTEMPTS);
    return new RetrySettings(
        attempts == null ? usual.attempts() : attempts.intValue(),
        millis(section, "baseDelayMs", usual.baseDelay()),
        millis(section, "maxDelayMs", usual.maxDelay()),
        statuses(section));
  }

  CircuitSettings circuit() {
    Node.Obj object = root.object("circuitBreaker");
    CircuitSettings usual = Defaults.CIRCUIT;
    if (object == null) {
      return usual;
    }
    Section section =
        new Section(root.path("circuitBreaker"), object, KnownKeys.CIRCUIT_BREAKER, problems);
    Long failures = section.count("failures", "failures in a row", MAX_FAILURES);
    return new CircuitSettings(
        failures == null ? usual.failures() : failures.intValue(),
        millis(section, "openMs", usual.open()),
        section.flag("failFast"));
  }

  private static Duration millis(Section section, String key, Duration usual) {
    Long millis = section.count(key, "milliseconds", MAX_DELAY_MS);
    return millis == null ? usual : Duration.ofMillis(millis);
  }

  private Set<Integer> statuses(Section section) {
    Set<Integer> statuses = new HashSet<>();
    Node.Array array = section.array(STATUSES, "an array of statuses");
    List<Node> items = array == null ? List.of() : array.items();
    for (int i = 0; i < items.size(); i++) {
      Node item = items.get(i);
      Long status = item.integer();
      if (status == null || status < 400 || status > 599) {
        problems.problem(
            item.line(), section.path(STATUSES) + "[" + i + "]", item.shown(),
            "the status of an error, 400 to 599");
      } else {
        statuses.add(status.intValue());
      }
    }
    return statuses;
  }
}
