package dev.ccr.cli.statusline;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What Claude Code tells of a session, by paths such as {@code model.display_name}. Its versions
 * tell different things, and all of them may be missing. Immutable.
 */
record Session(Map<String, String> values) {

  /** What the context holds after the last answer. */
  private static final List<String> USAGE =
      List.of("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens");

  Session {
    values = Map.copyOf(values);
  }

  /** The first of these that is there and not empty; else empty. */
  String first(String... paths) {
    for (String path : paths) {
      String value = values.getOrDefault(path, "");
      if (!value.isBlank()) {
        return value;
      }
    }
    return "";
  }

  /** How many tokens the context holds. */
  OptionalLong tokens() {
    double sum =
        USAGE.stream()
            .mapToDouble(part -> Math.max(0, number("context_window.current_usage." + part)))
            .sum();
    long total = (long) (sum > 0 ? sum : number("context_window.total_input_tokens"));
    return total > 0 ? OptionalLong.of(total) : OptionalLong.empty();
  }

  /** How full the context is, in percent; less than 0 if nobody knows. */
  double percent() {
    double percent = number("context_window.used_percentage");
    double size = number("context_window.context_window_size");
    return percent < 0 && size > 0 && tokens().isPresent()
        ? 100 * tokens().getAsLong() / size
        : percent;
  }

  /** A number that is not negative; -1 if there is none. */
  double number(String path) {
    try {
      double number = Double.parseDouble(first(path));
      return number >= 0 && number < Long.MAX_VALUE ? number : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
