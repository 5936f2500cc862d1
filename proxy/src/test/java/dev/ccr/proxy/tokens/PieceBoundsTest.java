package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PieceBoundsTest {

  /** How o200k_base cuts texts into pieces. */
  private static final Pattern PIECE =
      Pattern.compile(
          "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
              + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
              + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
              + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
              + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final Tokenizer tokenizer = O200k.load();
  private final PieceBounds bounds = new PieceBounds();

  private void bound(String text) {
    bounds.reset();
    byte[] utf8 = text.getBytes(UTF_8);
    bounds.add(utf8, utf8.length);
    bounds.endText();
  }

  @ParameterizedTest(name = "<{0}>")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; 0; 0",
        "a; 1; 1",
        "The quick brown fox; 4; 16",
        "don't; 1; 5",
        "we'lL; 1; 5",
        "camelCaseName; 3; 13",
        "HTTPServer; 1; 10",
        "1234567; 3; 7",
        "a, b; 3; 3",
        "f(x); 3; 4",
        "f((x)); 4; 6",
        "`a\nb`; 3; 3",
        "`a;\n    b`; 4; 7",
        "`a\n// b`; 3; 5",
        "`a;\n// b`; 3; 6",
        "漢字かな; 0; 12",
        "é1é; 0; 5"
      })
  void boundsOfATextAreThese(String text, long lower, long upper) {
    bound(text);
    assertEquals(lower, bounds.lower());
    assertEquals(upper, bounds.upper());
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void noTextHasFewerOrMoreTokensThanItsBounds(@ForAll long seed) {
    Random random = new Random(seed);
    String text = Texts.random(random, 1 + random.nextInt(12));
    bound(text);
    check(text);
  }

  private void check(String text) {
    long pieces = PIECE.matcher(text).results().count();
    int tokens = tokenizer.count(text);
    String says =
        bounds.lower() + " <= " + pieces + " <= " + tokens + " <= " + bounds.upper() + ": <" + text;
    assertTrue(bounds.lower() <= pieces, says);
    assertTrue(pieces <= tokens, says);
    assertTrue(tokens <= bounds.upper(), says);
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void everyCombinationOfBytesThatArePlainKeepsTheBounds(@ForAll long seed) {
    Random random = new Random(seed);
    String alphabet = "lLaB1 '/.\n\té";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i >= 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    bound(text.toString());
    check(text.toString());
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void boundsDoNotDependOnHowATextIsCut(@ForAll long seed) {
    Random random = new Random(seed);
    String text = Texts.random(random, 10);
    bound(text);
    long lower = bounds.lower();
    long upper = bounds.upper();
    byte[] utf8 = text.getBytes(UTF_8);
    bounds.reset();
    for (int at = 0; at < utf8.length; ) {
      int end = Math.min(utf8.length, at + 1 + random.nextInt(5));
      byte[] part = Arrays.copyOfRange(utf8, at, end);
      bounds.add(part, part.length);
      at = end;
    }
    bounds.endText();
    assertEquals(lower, bounds.lower(), text);
    assertEquals(upper, bounds.upper(), text);
  }

  @Test
  void proseIsBoundFromBelowByNearlyItsTokens() {
    String text = "The quick brown fox jumps over the lazy dog. ".repeat(100);
    bound(text);
    assertEquals(1001, tokenizer.count(text));
    assertEquals(1000, bounds.lower()); // 900 words and 100 full stops
    assertEquals(4500 - 899, bounds.upper());
  }

  @Test
  void aSpaceAndALetterAreOneToken() {
    for (char c = 'A'; c <= 'z'; c++) {
      if (Character.isLetter(c)) {
        assertEquals(1, tokenizer.count(" " + c), " " + c);
      }
    }
  }
}
