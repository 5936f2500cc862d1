package dev.ccr.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StyleTest {

  @ParameterizedTest
  @CsvSource({
    "'',                        true,  false, true",
    "'',                        false, false, false",
    "TERM=xterm,                true,  false, true",
    "TERM=dumb,                 true,  false, false",
    "NO_COLOR=1,                true,  false, false",
    "NO_COLOR=,                 true,  false, true",
    "TERM=xterm NO_COLOR=x,     true,  false, false",
    "'',                        true,  true,  false",
    "WT_SESSION=8a,             true,  true,  true",
    "TERM=xterm,                true,  true,  true",
  })
  void coloursAreForTerminalsThatWantThem(
      String variables, boolean terminal, boolean windows, boolean coloured) {
    Map<String, String> env =
        Arrays.stream(variables.split(" ", -1))
            .filter(each -> !each.isEmpty())
            .map(each -> each.split("=", 2))
            .collect(Collectors.toMap(each -> each[0], each -> each[1]));
    assertEquals(coloured, Style.of(env, terminal, windows).coloured());
  }

  @Test
  void aColourEndsWithItsText() {
    assertEquals("\u001b[32mgood\u001b[0m", new Style(true).green("good"));
    assertEquals("good", new Style(false).green("good"));
  }
}
