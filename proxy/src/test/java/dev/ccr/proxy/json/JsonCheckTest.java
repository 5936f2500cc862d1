package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonCheckTest {
  /** What can bring an unfinished text behind a value. */
  private static final List<String> TAILS =
      List.of(
          "", "0", "\"", "0\"", "00\"", "000\"", "0000\"", "n\"", "rue", "ue", "e", "alse", "lse",
          "se", "ull", "ll", "l", "\":0", "0\":0", "00\":0", "000\":0", "0000\":0", "n\":0", ":0",
          "\"k\":0");

  private final JsonCheck check = new JsonCheck();

  @Test
  void tellsWholeFromUnfinishedFromBroken() {
    JsonTexts.ACCEPTED.forEach(text -> assertEquals("complete", verdict(text), text));
    JsonTexts.UNFINISHED.forEach(
        text -> assertEquals(text.isBlank() ? "blank" : "unfinished", verdict(text), text));
    JsonTexts.BROKEN.forEach(text -> assertEquals("broken", verdict(text), text));
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void agreesWithJacksonOnEveryBeginningOfJson(@ForAll long seed) {
    agreesWithJackson(new String(JsonTexts.valid(new Random(seed)), UTF_8));
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void agreesWithJacksonOnEveryBeginningOfDamagedJson(@ForAll long seed) {
    agreesWithJackson(new String(JsonTexts.mutated(new Random(seed)), UTF_8));
  }

  private void agreesWithJackson(String text) {
    int step = Math.max(1, text.length() / 100); // of the long ones a hundred beginnings do
    check.reset();
    for (int end = 0; end <= text.length(); end += step) {
      String beginning = text.substring(0, end);
      assertEquals(JsonOracle.accepts(beginning), check.isComplete(), beginning);
      feed(text.substring(end, Math.min(text.length(), end + step)));
    }
    assertEquals(JsonOracle.accepts(text), check.isComplete(), text);
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void whatIsNotBrokenCanBeFinished(@ForAll long seed) {
    Random random = new Random(seed);
    String text = new String(JsonTexts.mutated(random), UTF_8);
    String beginning = text.substring(0, random.nextInt(text.length() + 1));
    if (!verdict(beginning).equals("broken")) {
      assertTrue(TAILS.stream().anyMatch(tail -> closes(beginning + tail)), beginning);
    }
  }

  private boolean closes(String beginning) {
    StringBuilder closers = new StringBuilder();
    boolean inString = false;
    for (int i = 0; i < beginning.length(); i++) {
      char c = beginning.charAt(i);
      if (c == '"') {
        inString = !inString;
      } else if (inString) {
        i += c == '\\' ? 1 : 0;
      } else if (c == '{' || c == '[') {
        closers.insert(0, c == '{' ? '}' : ']');
      } else if (c == '}' || c == ']') {
        closers.deleteCharAt(0);
      }
    }
    String text = beginning + closers;
    return verdict(text).equals("complete") && JsonOracle.accepts(text);
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void saysTheSameHoweverTheTextIsCut(@ForAll long seed) {
    Random random = new Random(seed);
    String text = new String(JsonTexts.mutated(random), UTF_8);
    String whole = verdict(text);
    check.reset();
    text.chars().forEach(c -> feed(Character.toString((char) c)));
    assertEquals(whole, verdict(), text);
    check.reset();
    for (int from = 0; from < text.length(); ) {
      int length = Math.min(random.nextInt(9), text.length() - from);
      feed(text.substring(from, from + length));
      from += length;
    }
    assertEquals(whole, verdict(), text);
  }

  @Test
  void readsOnlyTheGivenPartOfTheArray() {
    char[] chars = "\"]{\"a\":1}]\"".toCharArray();
    check.feed(chars, 2, 7);
    assertTrue(check.isComplete() && check.isObject());
    check.feed(chars, 9, 0);
    assertTrue(check.isComplete());
    check.feed(chars, 9, 1);
    assertTrue(check.isBroken());
  }

  @Test
  void aNumberIsCompleteAndMayGoOn() {
    feed("1");
    assertTrue(check.isComplete());
    feed("2.");
    assertFalse(check.isComplete() || check.isBroken());
    feed("5e1");
    assertTrue(check.isComplete());
    feed(" ");
    assertTrue(check.isComplete());
    feed("2");
    assertTrue(check.isBroken());
  }

  @Test
  void brokenStaysBrokenUntilReset() {
    feed("{\"a\":1}}");
    feed("{}");
    assertTrue(check.isBroken() && !check.isComplete() && !check.isBlank());
    check.reset();
    assertTrue(check.isBlank() && !check.isBroken() && !check.isObject());
    feed("[]");
    assertTrue(check.isComplete());
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
    "{; true", "{}; true", "` \n{\"a`; true", "{x; true", "[{}]; false", "[{; false",
    "\"{\"; false", "1; false", "``; false", "x{; false",
  })
  void tellsWhetherTheValueBeganAsAnObject(String text, boolean object) {
    feed(text);
    assertEquals(object, check.isObject());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00", "\ude00\ud83d", "\ud83dx"})
  void surrogatesNeedNotPairUp(String text) {
    assertEquals("complete", verdict("[\"" + text + "\"]"));
    assertEquals("broken", verdict("[" + text + "]"));
  }

  private void feed(String text) {
    check.feed(text.toCharArray(), 0, text.length());
  }

  private String verdict(String text) {
    check.reset();
    feed(text);
    return verdict();
  }

  private String verdict() {
    if (check.isBroken()) {
      assertFalse(check.isComplete() || check.isBlank());
      return "broken";
    }
    if (check.isComplete()) {
      assertFalse(check.isBlank());
      return "complete";
    }
    return check.isBlank() ? "blank" : "unfinished";
  }
}
