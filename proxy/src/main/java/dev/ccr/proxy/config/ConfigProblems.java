package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers everything that is wrong with a configuration, and everything that is unwise. */
final class ConfigProblems {
  /** Stands in for a line where something concerns the file as a whole. */
  static final int WHOLE_FILE = 0;

  /** Stands in for a line where a value comes from a variable: its name says enough. */
  static final int ENVIRONMENT = Integer.MAX_VALUE;

  private static final int MAX_SHOWN = 120;

  private record Entry(int line, String text) {}

  private final String file;
  private final List<Entry> problems = new ArrayList<>();
  private final List<Entry> warnings = new ArrayList<>();

  /** @param file what messages call the file */
  ConfigProblems(String file) {
    this.file = oneLine(file);
  }

  void problem(int line, String value, String expected) {
    add(problems, line, value + " (expected: " + expected + ")");
  }

  void problem(int line, String key, String value, String expected) {
    problem(line, key + ": " + value, expected);
  }

  void warning(int line, String text) {
    add(warnings, line, text);
  }

  private void add(List<Entry> entries, int line, String text) {
    String place =
        switch (line) {
          case WHOLE_FILE -> file + ": ";
          case ENVIRONMENT -> "";
          default -> file + ":" + line + ": ";
        };
    entries.add(new Entry(line, place + text));
  }

  /** @throws ConfigException if there is a problem, with all of them */
  void throwIfAny() throws ConfigException {
    if (!problems.isEmpty()) {
      throw exception();
    }
  }

  ConfigException exception() {
    return new ConfigException(lines(problems), warnings());
  }

  /** In the order of the file. */
  List<String> warnings() {
    return lines(warnings);
  }

  private static List<String> lines(List<Entry> entries) {
    return entries.stream()
        .sorted(Comparator.comparingInt(Entry::line))
        .map(Entry::text)
        .toList();
  }

  /** {@link #printable} between quotes. */
  static String quoted(String text) {
    return '"' + printable(text.replace("\"", "\\\"")) + '"';
  }

  /** Keeps {@code text} to one line of bounded length that no control character disturbs. */
  static String printable(String text) {
    return text.length() > MAX_SHOWN
        ? oneLine(text.substring(0, MAX_SHOWN)) + "..."
        : oneLine(text);
  }

  private static String oneLine(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            out.append(String.format("\\u%04x", (int) c));
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
