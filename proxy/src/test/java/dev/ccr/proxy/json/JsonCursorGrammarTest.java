package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cursor takes for JSON, against tables, and against Jackson. */
final class JsonCursorGrammarTest {
  private final JsonCursor cursor = new JsonCursor();

  @Test
  void tellsJsonFromWhatIsNot() {
    for (String text : JsonTexts.ACCEPTED) {
      assertTrue(tokens(text.getBytes(UTF_8)).isPresent(), text);
    }
    Stream.concat(JsonTexts.UNFINISHED.stream(), JsonTexts.BROKEN.stream())
        .forEach(text -> assertTrue(tokens(text.getBytes(UTF_8)).isEmpty(), text));
  }

  @Test
  void refusesIllegalUtf8WhereverItStandsInAString() {
    for (String hex : JsonTexts.NOT_UTF8) {
      byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
      for (int before = 0; before < 10; before++) {
        for (String after : new String[] {"", "a", "aaaaaaaaaa", "é", "\"", "\"      "}) {
          ByteArrayOutputStream text = new ByteArrayOutputStream();
          text.writeBytes(("\"" + "a".repeat(before)).getBytes(US_ASCII));
          text.writeBytes(bytes);
          text.writeBytes(after.getBytes(UTF_8));
          assertTrue(tokens(text.toByteArray()).isEmpty(), hex);
        }
      }
    }
  }

  @Test
  void agreesWithJacksonOnEveryBytePairAnywhereInAWord() {
    byte[] starts = HexFormat.of().parseHex("00191f2021225c7f80bfc3e6f0ff");
    for (byte first : starts) {
      for (int second = 0; second < 256; second++) {
        for (int before = 0; before < 9; before++) {
          byte[] text =
              ("\"" + "a".repeat(before) + "??" + "b".repeat(9) + "\"").getBytes(US_ASCII);
          text[1 + before] = first;
          text[2 + before] = (byte) second;
          assertEquals(JsonOracle.tokens(text), tokens(text), () -> HexFormat.of().formatHex(text));
        }
      }
    }
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void agreesWithJacksonOnJson(@ForAll long seed) {
    agreesWithJackson(JsonTexts.valid(new Random(seed)));
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void agreesWithJacksonOnDamagedJson(@ForAll long seed) {
    agreesWithJackson(JsonTexts.mutated(new Random(seed)));
  }

  private void agreesWithJackson(byte[] text) {
    Optional<List<String>> expected = JsonOracle.tokens(text);
    assertEquals(expected, tokens(text), () -> new String(text, UTF_8));
    assertEquals(expected.isPresent(), skips(ByteBuffer.wrap(text), 0, text.length));
  }

  @ParameterizedTest
  @ValueSource(bytes = {'"', '\\', '9', '}', ']', ' ', '\n', 0, (byte) 0x80, (byte) 0xA9})
  void whatStandsAroundTheRangeHasNoInfluence(byte hostile) {
    for (int around = 0; around <= 40; around++) {
      ByteBuffer heap = ByteBuffer.allocate(6000);
      ByteBuffer direct = ByteBuffer.allocateDirect(6000);
      for (List<String> table :
          List.of(JsonTexts.ACCEPTED, JsonTexts.UNFINISHED, JsonTexts.BROKEN)) {
        for (String text : table) {
          byte[] bytes = text.getBytes(UTF_8);
          for (ByteBuffer buffer : List.of(heap, direct)) {
            fill(buffer, around + bytes.length + around, hostile);
            buffer.put(around, bytes);
            boolean accepted = skips(buffer, around, around + bytes.length);
            assertEquals(table.equals(JsonTexts.ACCEPTED), accepted, text);
          }
        }
      }
    }
  }

  @Test
  void aTextThatGoesOnBehindTheRangeEndsWithTheRange() {
    for (String text : JsonTexts.ACCEPTED) {
      byte[] bytes = text.getBytes(UTF_8);
      for (int to = 0; to < bytes.length; to++) {
        boolean alone = skips(ByteBuffer.wrap(Arrays.copyOf(bytes, to)), 0, to);
        assertEquals(alone, skips(ByteBuffer.wrap(bytes), 0, to), text);
      }
    }
  }

  private static void fill(ByteBuffer buffer, int length, byte with) {
    byte[] filler = new byte[length];
    Arrays.fill(filler, with);
    buffer.put(0, filler);
  }

  private boolean skips(ByteBuffer text, int from, int to) {
    try {
      cursor.reset(text, from, to);
      cursor.skipValue();
      cursor.end();
      return true;
    } catch (JsonSyntaxException e) {
      assertTrue(e.offset() >= from && e.offset() <= to, e.getMessage());
      return false;
    }
  }

  /** The tokens as {@link JsonOracle} writes them, found by entering every container. */
  private Optional<List<String>> tokens(byte[] text) {
    List<String> out = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(text);
    try {
      cursor.reset(buffer, 0, text.length);
      walk(buffer, out);
      cursor.end();
      return Optional.of(out);
    } catch (JsonSyntaxException e) {
      return Optional.empty();
    }
  }

  private void walk(ByteBuffer text, List<String> out) throws JsonSyntaxException {
    switch (cursor.peek()) {
      case OBJECT -> {
        cursor.enterObject();
        out.add("START_OBJECT {");
        while (cursor.nextField()) {
          JsonCursor name = new JsonCursor();
          name.reset(text, cursor.keyStart() - 1, cursor.keyEnd() + 1);
          name.readString();
          out.add("FIELD_NAME " + name.stringValue());
          walk(text, out);
        }
        out.add("END_OBJECT }");
      }
      case ARRAY -> {
        cursor.enterArray();
        out.add("START_ARRAY [");
        while (cursor.nextElement()) {
          walk(text, out);
        }
        out.add("END_ARRAY ]");
      }
      case STRING -> {
        cursor.readString();
        out.add("VALUE_STRING " + cursor.stringValue());
      }
      case NUMBER -> {
        cursor.skipValue();
        byte[] number = new byte[cursor.valueEnd() - cursor.valueStart()];
        text.get(cursor.valueStart(), number);
        String digits = new String(number, US_ASCII);
        boolean integer = digits.chars().allMatch(c -> "-0123456789".indexOf(c) >= 0);
        out.add((integer ? "VALUE_NUMBER_INT " : "VALUE_NUMBER_FLOAT ") + digits);
      }
      case TRUE, FALSE -> {
        boolean value = cursor.readBoolean();
        out.add(value ? "VALUE_TRUE true" : "VALUE_FALSE false");
      }
      case NULL -> {
        cursor.readNull();
        out.add("VALUE_NULL null");
      }
    }
  }
}
