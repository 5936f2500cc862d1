package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeaderTextTest {

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "deepseek/deepseek-r1:free~,deepseek/deepseek-r1:free~",
        "'',''",
        "a b,a?b",
        "a\\r\\nx-evil: 1,a??x-evil:?1",
        "a\\0\\33[31m\\177,a??[31m?",
        "grüße,gr??e",
        "😀,??",
        "a\u2028b,a?b"
      })
  void onlyVisibleAsciiBecomesAHeader(String text, String header) {
    assertEquals(header, HeaderText.of(text.translateEscapes()));
  }

  @ParameterizedTest
  @CsvSource({"a b, a b", "a\\r\\nb, a??b", "\\33[2J\\205\\233, ?[2J??", "a\\tb, a?b"})
  void wordsKeepTheirBlanks(String text, String line) {
    assertEquals(line, HeaderText.line(text.translateEscapes()));
  }

  @Test
  void longTextIsCut() {
    assertEquals("a".repeat(200), HeaderText.of("a".repeat(201)));
    assertEquals("a".repeat(199) + "?", HeaderText.of("a".repeat(199) + "ä".repeat(9)));
    assertEquals("a".repeat(500), HeaderText.line("a".repeat(501)));
  }
}
