package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextCutTest {

  private final Tokenizer tokenizer = O200k.load();

  @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
  void partsOfATextHaveTheTokensOfTheWhole(@ForAll long seed) {
    Random random = new Random(seed);
    String text = Texts.random(random, 20);
    byte[] utf8 = text.getBytes(UTF_8);
    int cut = TextCut.last(utf8, utf8.length);
    if (cut < utf8.length) { // there is a border
      assertTrue(cut > utf8.length / 2, text);
      String front = new String(utf8, 0, cut, UTF_8);
      String back = new String(utf8, cut, utf8.length - cut, UTF_8);
      assertEquals(text, front + back);
      assertEquals(
          tokenizer.count(text),
          tokenizer.count(front) + tokenizer.count(back),
          () -> "<" + front + "|" + back + ">");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaa", "aaaa漢漢漢", "😀😀😀😀", "12345678", "e\u0301e\u0301e\u0301", "        "
      })
  void withoutABorderTheLastWholeCharacterIsTheEnd(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    for (int length = utf8.length; length > utf8.length - 4; length--) {
      int cut = TextCut.last(utf8, length);
      assertTrue(cut <= length && cut > length - 4);
      String front = new String(utf8, 0, cut, UTF_8);
      assertTrue(text.startsWith(front), () -> "cut inside a character: " + front);
      byte[] rest = Arrays.copyOfRange(utf8, cut, length);
      assertTrue(rest.length < 4 && (rest.length == 0 || !isWhole(rest)), "cut too early");
    }
  }

  private static boolean isWhole(byte[] utf8) {
    return !new String(utf8, UTF_8).contains("\ufffd");
  }

  @Test
  void aTextIsCutInFrontOfAWord() {
    byte[] utf8 = "some words and mor".getBytes(UTF_8);
    assertEquals("some words and".length(), TextCut.last(utf8, utf8.length));
  }
}
