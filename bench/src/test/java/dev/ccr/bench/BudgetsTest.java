package dev.ccr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // budgets                        bytes  tolerance  ratio  what is not kept
        "B.a = 430                       |  430 |        1 |   99 | ",
        "B.a = 430                       |  431 |        1 |   99 | ",
        "B.a = 430                       |  431.1 |      1 |   99 | allocates 431.1 bytes",
        "B.a = 0                         |  1.3 |      1.4 |  NaN | ",
        "B.a = 0                         |  1.5 |      1.4 |    0 | at most 0.0",
        "B.a = 0                         |  NaN |        1 |    0 | allocates NaN bytes",
        "B.a = 0.25 x control            |  999 |        1 | 0.25 | ",
        "B.a = 0.25 x control            |  NaN |        1 |  0.1 | ",
        "B.a = 0.25 x control            |    0 |        1 | 0.26 | takes 0.260 times",
        "B.a = 0.25 x control            |    0 |        1 | 0.26 | at most 0.25",
        "B.a = 38 x control              |    0 |        1 |   76 | takes 76.000 times",
        "B.a = 38 x control              |    0 |        1 |  NaN | takes NaN times",
        "B.a = 0; B.a = 2 x control      |    0 |        1 |    2 | ",
        "B.a = 0; B.a = 2 x control      |    0 |        1 |    3 | takes 3.000 times",
        "B.a = 0; B.a = 2 x control      |    9 |        1 |    2 | allocates 9.0 bytes",
        "B.a = 0; B.a = 2 x control      |    9 |        1 |    3 | allocates 9.0 takes 3.000",
        "B.b = 0; # B.a = 0              |    0 |        1 |    0 | B.b: there is a budget but no",
        "B.b = 0 x control               |    0 |        1 |    0 | B.b: there is a budget but no",
      })
  void aBenchIsOverItsBudgetAndNoOther(
      String budgets, double bytes, double tolerance, double ratio, String expected) {
    Figures figures = new Figures(bytes, tolerance, 100, ratio);
    String broken = String.join(" ", parse(budgets).broken(Map.of("B.a", figures)));
    if (expected == null) {
      assertEquals("", broken);
    } else {
      for (String part : expected.split(" (?=takes)", -1)) {
        assertTrue(broken.contains(part), broken);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.2, true", "0.2, 0.5, true", "0.5, 0.6, false"})
  void aBenchThatIsQuickOnceIsNotSlow(double first, double second, boolean kept) {
    Budgets budgets = parse("B.a = 0.25 x control; B.b = 0.25 x control; B.c = 0");
    Map<String, Figures> measured =
        Map.of("B.a", figures(first), "B.b", figures(0.1), "B.c", figures(9));
    assertEquals(first > 0.25 ? List.of("B.a") : List.of(), budgets.slow(measured));
    Figures both = figures(first).orQuicker(figures(second));
    assertEquals(kept, budgets.slow(Map.of("B.a", both)).isEmpty());
  }

  @Test
  void aSecondRunChangesNothingButTime() {
    Figures first = new Figures(10, 1, 200, 2);
    assertEquals(new Figures(10, 1, 100, 1), first.orQuicker(new Figures(99, 2, 100, 1)));
    assertEquals(first, first.orQuicker(new Figures(5, 2, 300, 3)));
  }

  @Test
  void namesHaveParametersAndBothKindsOfBudgets() {
    Budgets budgets = parse("B.a{x=1,y=\" word\"} = 7500; ; # none = 1; C.b = 1.5 x control");
    assertEquals(Map.of("B.a{x=1,y=\" word\"}", 7500.0), budgets.bytes());
    assertEquals(Map.of("C.b", 1.5), budgets.ratios());
    assertEquals(Set.of("B.a{x=1,y=\" word\"}", "C.b"), budgets.names());
  }

  @ParameterizedTest
  @CsvSource({
    "B.a",
    "B.a =",
    "= 1",
    "B.a=1",
    "B.a = many",
    "B.a = -1",
    "B.a = 1 x",
    "B.a = 1 x machine",
    "B.a = x control",
    "B.a = 1 # because",
    "B.a = 1; B.a = 2",
    "B.a = 1 x control; B.a = 2 x control"
  })
  void aLineThatIsNoBudgetIsRefused(String budgets) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> parse("# first; " + budgets));
    String message = String.valueOf(e.getMessage());
    String last = budgets.substring(budgets.indexOf(';') + 1).strip();
    int line = budgets.contains(";") ? 3 : 2;
    assertTrue(message.startsWith("line " + line + ": " + last + " (expected: "), message);
  }

  /** A budget that is never judged would be kept by chance. */
  @Test
  void theFileOfBudgetsHasBothKinds() throws IOException {
    Budgets budgets = Budgets.parse(Files.readAllLines(Path.of("budgets.txt")));
    assertFalse(budgets.bytes().isEmpty());
    assertTrue(budgets.names().containsAll(budgets.ratios().keySet()));
    assertTrue(budgets.ratios().containsKey("SseScanBench.event"), budgets.toString());
  }

  private static Budgets parse(String lines) {
    return Budgets.parse(List.of(lines.split("; ?", -1)));
  }

  private static Figures figures(double ratio) {
    return new Figures(0, 1, 100, ratio);
  }
}
