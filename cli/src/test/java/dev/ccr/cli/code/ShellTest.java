package dev.ccr.cli.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ccr.cli.testing.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    assumeTrue(Program.isThere(program), program + " is not installed");
    Shell shell = Shell.of(program).orElse(Shell.SH);
    List<String> taken = new ArrayList<>();
    for (String value : VALUES) {
      String script =
          "UNWANTED=set; export UNWANTED\n".repeat(shell == Shell.SH ? 1 : 0)
              + shell.script(Map.of("CCR_VALUE", value), List.of("UNWANTED"))
              + "printenv CCR_VALUE; printenv UNWANTED; true\n";
      taken.add(Program.run(script, program));
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
}
