package dev.ccr.cli.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShellTest {

  /** What shells take apart. */
  private static final List<String> VALUES =
      List.of(
          "",
          "plain",
          "it's",
          "'",
          "''",
          "\\",
          "\\'",
          "a\\",
          "\"$HOME\" `id` $(id) ${x}",
          "; rm x & y | z > f < g",
          "!! *?[a]~ #comment",
          " blanks \t around ",
          "two\nlines",
          "\u00e9\u2019\u4e2d",
          "-n",
          "%PATH%");

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash", "zsh", "fish"})
  void theShellItselfTakesValuesAsTheyAre(String program) throws Exception {
    assumeTrue(isThere(program), program + " is not installed");
    Shell shell = Shell.of(program).orElse(Shell.SH);
    List<String> taken = new ArrayList<>();
    for (String value : VALUES) {
      String script =
          "UNWANTED=set; export UNWANTED\n".repeat(shell == Shell.SH ? 1 : 0)
              + shell.script(Map.of("CCR_VALUE", value), List.of("UNWANTED"))
              + "printenv CCR_VALUE; printenv UNWANTED; true\n";
      taken.add(run(program, script));
    }
    assertEquals(VALUES.stream().map(value -> value + "\n").toList(), taken);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "plain,     $env:K = 'plain'",
        "it's,      $env:K = 'it''s'",
        "\u2018\u2019\u201a\u201b, $env:K = '\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b'",
        "$a `b,     $env:K = '$a `b'",
      })
  void powershellHasItsQuotesTwice(String value, String command) {
    assertEquals(command, Shell.POWERSHELL.set("K", value));
  }

  @Test
  void cmdIsNotToldWhatItWouldTakeApart() {
    assertEquals("set \"K=a & b | c ^ (d)\"", Shell.CMD.set("K", "a & b | c ^ (d)"));
    assertTrue(Shell.CMD.takes("a & b | c ^ (d)"));
    for (String value : List.of("a\"b", "%PATH%", "a!b", "a\nb")) {
      assertFalse(Shell.CMD.takes(value), value);
    }
  }

  private static boolean isThere(String program) throws Exception {
    Process which = new ProcessBuilder("sh", "-c", "command -v " + program).start();
    return which.waitFor(10, TimeUnit.SECONDS) && which.exitValue() == 0;
  }

  private static String run(String program, String script) throws IOException {
    Process process = new ProcessBuilder(program).redirectErrorStream(true).start();
    process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
