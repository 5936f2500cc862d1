package dev.ccr.proxy.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How severe an event must be to be logged. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR;

  /**
   * Reads a level regardless of case. The outermost levels of the TypeScript router, {@code trace}
   * and {@code fatal}, count as their neighbours.
   *
   * @return {@code null} if {@code text} is no level
   */
  public static @Nullable LogLevel parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "trace", "debug" -> DEBUG;
      case "info" -> INFO;
      case "warn" -> WARN;
      case "error", "fatal" -> ERROR;
      default -> null;
    };
  }
}
