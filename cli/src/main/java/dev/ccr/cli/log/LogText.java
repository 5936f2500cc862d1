package dev.ccr.cli.log;

import dev.ccr.cli.terminal.Style;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * An entry of the log as people read it: {@code 22:26:19.742 INFO  access: message}, and behind it
 * the stack trace if there is one. Peers choose parts of some entries: what could speak to a
 * terminal becomes a question mark. Immutable.
 *
 * @param style colours levels that matter
 * @param dated whether days are shown
 */
record LogText(Style style, ZoneId zone, boolean dated) {

  private static final int LEVEL_WIDTH = 5;

  /**
   * Appends an entry, with its line feed.
   *
   * @param stack a stack trace, or empty
   */
  void append(
      Instant time, String level, String logger, String message, String stack, StringBuilder out) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    if (dated) {
      out.append(local.toLocalDate()).append(' ');
    }
    pad(local.getHour(), 10, out).append(':');
    pad(local.getMinute(), 10, out).append(':');
    pad(local.getSecond(), 10, out).append('.');
    pad(local.getNano() / 1_000_000, 100, out).append(' ');
    out.append(coloured(level)).repeat(" ", Math.max(0, LEVEL_WIDTH - level.length())).append(' ');
    shown(logger.substring(logger.lastIndexOf('.') + 1), out).append(": ");
    shown(message, out).append('\n');
    if (!stack.isEmpty()) {
      shown(stack.strip(), out).append('\n');
    }
  }

  private String coloured(String level) {
    return switch (level) {
      case "ERROR" -> style.red(level);
      case "WARN" -> style.yellow(level);
      default -> shown(level, new StringBuilder()).toString(); // a file may say anything
    };
  }

  /**
   * Appends text without what could speak to a terminal. Some messages have several lines; in one
   * that quotes a peer, the router has seen to that.
   */
  static StringBuilder shown(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '?' : c);
    }
    return out;
  }

  private static StringBuilder pad(int number, int least, StringBuilder out) {
    for (int unit = least; unit > 1 && number < unit; unit /= 10) {
      out.append('0');
    }
    return out.append(number);
  }
}
