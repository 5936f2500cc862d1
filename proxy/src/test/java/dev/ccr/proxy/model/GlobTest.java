package dev.ccr.proxy.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "*, anything, true",
    "'', '', true",
    "'', a, false",
    "claude-*, claude-haiku-4-5, true",
    "CLAUDE-*, Claude-haiku, true",
    "*haiku*, claude-3-5-haiku-20241022, true",
    "*haiku*, claude-sonnet, false",
    "*-4, claude-sonnet-4, true",
    "*-4, claude-sonnet-4-5, false",
    "a*b*c, axxbxbyc, true",
    "a*b*c, axxcxb, false",
    "a.c, abc, false",
    "**a**, bab, true",
  })
  void aStarStandsForAnyCharacters(String pattern, String name, boolean matches) {
    assertEquals(matches, new Glob(pattern).matches(name));
  }

  /** A pattern and a name that a backtracking matcher would not get done with. */
  @Test
  void manyStarsDoNotMakeItSlow() {
    assertFalse(new Glob("*a".repeat(40) + "b").matches("a".repeat(5_000)));
  }
}
