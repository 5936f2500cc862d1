package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TextCounterTest {

  private static final Tokenizer TOKENIZER = O200k.load();

  private final TokenCache cache = new TokenCache(10_000);
  private final List<String> counted = new ArrayList<>();

  private long count(Form form, String text) {
    ByteBuffer body = ByteBuffer.wrap(text.getBytes(UTF_8));
    TextCounter counter = new TextCounter(body, cache);
    counter.start(this::tokens, () -> false);
    counter.text(form, 0, body.capacity(), false);
    assertEquals(body.capacity(), counter.bytes());
    return counter.tokens();
  }

  private int tokens(String text) {
    counted.add(text);
    return TOKENIZER.count(text);
  }

  @Test
  void aTextIsCountedOnce() {
    String text = "a text that is worth remembering";
    long tokens = count(Form.STRING, text);
    assertEquals(TOKENIZER.count(text), tokens);
    assertEquals(tokens, count(Form.STRING, text));
    assertEquals(List.of(text), counted);
  }

  @Test
  void theSameBytesReadAsJsonAreAnotherText() {
    String json = "{\"a\" :  \"one, two\\nthree\"}";
    count(Form.STRING, json);
    count(Form.JSON, json);
    assertEquals(List.of(json.replace("\\n", "\n"), "{\"a\":\"one, two\\nthree\"}"), counted);
  }

  @Test
  void theTextUsedLongestAgoIsForgotten() {
    TokenCache small = new TokenCache(2);
    TextKey.Maker keys = new TextKey.Maker();
    List<TextKey> made = IntStream.range(0, 3).mapToObj(i -> keys.of(new byte[3], i)).toList();
    small.put(made.get(0), 10);
    small.put(made.get(1), 11);
    assertEquals(10, small.get(made.get(0)));
    small.put(made.get(2), 12);
    assertEquals(10, small.get(made.get(0)));
    assertEquals(TokenCache.UNKNOWN, small.get(made.get(1)));
    assertEquals(12, small.get(made.get(2)));
  }

  @Test
  void aLongTextIsCountedInPartsWithTheSameSum() {
    Random random = new Random(1);
    String text =
        Stream.generate(
                () -> random.nextInt(5) == 0 ? "漢字，かな。" : "word" + random.nextInt() + ", ")
            .limit(20_000)
            .collect(Collectors.joining());
    assertEquals(TOKENIZER.count(text), count(Form.STRING, text));
    assertTrue(counted.size() > 10);
    assertEquals(text, String.join("", counted));
  }

  @Test
  void aTextThatWasLeftIsGoneOnWith() {
    String text = "some words and more of them, ".repeat(3000);
    ByteBuffer body = ByteBuffer.wrap(text.getBytes(UTF_8));
    TextCounter counter = new TextCounter(body, cache);
    int starts = 0;
    for (boolean done = false; !done; starts++) {
      int before = counted.size();
      counter.start(this::tokens, () -> counted.size() == before + 2);
      try {
        counter.text(Form.STRING, 0, body.capacity(), false);
        done = true;
      } catch (TextCounter.Stopped e) {
        assertEquals(before + 2, counted.size(), "each start gets on");
      }
    }
    assertTrue(starts > 3, "was left " + starts + " times");
    assertEquals(TOKENIZER.count(text), counter.tokens());
    assertTrue(counted.size() < text.length() / (TextCounter.PART / 2) + 2);
  }

  @Test
  void whatStopsAtOnceCountsNothing() {
    ByteBuffer body = ByteBuffer.wrap("a".repeat(100).getBytes(UTF_8));
    TextCounter counter = new TextCounter(body, cache);
    counter.start(this::tokens, () -> true);
    assertThrows(
        TextCounter.Stopped.class, () -> counter.text(Form.STRING, 0, 100, false));
    assertEquals(0, counter.tokens());
    assertEquals(0, counter.bytes());
  }

  static Stream<Arguments> hostile() {
    Random random = new Random(7);
    Stream<Arguments> units =
        Stream.of(
                "a", "A", " ", "\\n", "\\t", "1", "_", "漢", "\u0301", "e\u0301", "😀", "\\ud83d",
                "\\u6f22", "'", "aB", "a'", "\u200d")
            .map(unit -> Arguments.of(unit, unit.repeat(1_000_000 / unit.length())));
    return Stream.concat(
        units,
        Stream.of(
            Arguments.of("random Hanzi", random(random, 0x4E00, 0x9FFF)),
            Arguments.of("random letters", random(random, 'a', 'z'))));
  }

  private static String random(Random random, int from, int to) {
    return random.ints(1_000_000, from, to + 1).mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @ParameterizedTest(name = "<{0}>")
  @MethodSource("hostile")
  void aMillionCharactersOfAnythingAreCountedInSmallParts(String name, String text) {
    ByteBuffer body = ByteBuffer.wrap(text.getBytes(UTF_8));
    TextCounter counter = new TextCounter(body, cache);
    counter.start(
        part -> {
          int bytes = part.getBytes(UTF_8).length;
          assertTrue(bytes <= TextCounter.PART, () -> "a part of " + bytes);
          counted.add(part);
          return bytes;
        },
        () -> false);
    counter.text(Form.STRING, 0, body.capacity(), false);
    int parts = body.capacity() / (TextCounter.PART / 2) + 1;
    assertTrue(counted.size() <= parts, () -> counted.size() + " parts");
    assertTrue(String.join("", counted).indexOf('\ufffd') < 0, "cut inside a character");
  }

  @ParameterizedTest(name = "<{0}>")
  @MethodSource("hostile")
  void whatHasNoBordersCountsNearlyAsAWhole(String name, String text) {
    String some = text.substring(0, 60_000);
    long whole = TOKENIZER.count(whatItSays(some));
    long parts = count(Form.STRING, some);
    assertTrue(Math.abs(parts - whole) <= whole / 50 + 16, () -> parts + " for " + whole);
  }

  private static String whatItSays(String content) {
    byte[] utf8 = content.getBytes(UTF_8);
    PlainText plain = new PlainText();
    plain.reset(ByteBuffer.wrap(utf8), Form.STRING, 0, utf8.length);
    byte[] out = new byte[utf8.length + 8];
    return new String(out, 0, plain.fill(out, 0), UTF_8);
  }
}
