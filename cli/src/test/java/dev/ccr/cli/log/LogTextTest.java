package dev.ccr.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.cli.terminal.Style;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogTextTest {

  private static final Instant TIME = Instant.parse("2026-11-05T01:02:03.004Z");

  private static String line(
      boolean coloured, boolean dated, String level, String message, String stack) {
    StringBuilder out = new StringBuilder();
    new LogText(new Style(coloured), ZoneOffset.ofHours(1), dated)
        .append(TIME, level, "dev.ccr.proxy.ProxyServer", message, stack, out);
    return out.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, INFO,  '02:02:03.004 INFO  ProxyServer: m\n'",
    "false, true,  ERROR, '2026-11-05 02:02:03.004 ERROR ProxyServer: m\n'",
    "true,  false, INFO,  '02:02:03.004 INFO  ProxyServer: m\n'",
    "true,  false, WARN,  '02:02:03.004 \u001b[33mWARN\u001b[0m  ProxyServer: m\n'",
    "true,  false, ERROR, '02:02:03.004 \u001b[31mERROR\u001b[0m ProxyServer: m\n'",
  })
  void anEntryIsALine(boolean coloured, boolean dated, String level, String expected) {
    assertEquals(expected, line(coloured, dated, level, "m", ""));
  }

  @Test
  void aStackTraceFollowsItsLine() {
    assertEquals(
        "02:02:03.004 ERROR ProxyServer: a bug\njava.lang.Error: x?[2J\n\tat here\n",
        line(false, false, "ERROR", "a bug", "java.lang.Error: x\u001b[2J\n\tat here\n"));
  }

  @ParameterizedTest
  @CsvSource({"'a\u001b[2Jb', a?[2Jb", "'a\u0007b\u009bc\u007f', a?b?c?", "'a\rb', a?b"})
  void nothingSpeaksToTheTerminal(String message, String shown) {
    assertEquals(
        "02:02:03.004 INFO  ProxyServer: " + shown + "\n", line(false, false, "INFO", message, ""));
  }
}
