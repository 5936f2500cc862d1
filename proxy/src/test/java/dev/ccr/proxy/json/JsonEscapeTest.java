package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonEscapeTest {

  private final JsonEscape escape = JsonEscape.ofThisThread();

  private static Chars chars(String text) {
    Chars chars = new Chars();
    chars.append(text);
    return chars;
  }

  private String escaped(String text) {
    ByteBuf out = Unpooled.buffer();
    escape.write(chars(text), out);
    return out.toString(UTF_8);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a/b c~; a/b c~",
        "\\\"; \\\"",
        "\\\\; \\\\",
        "\\b\\t\\n\\f\\r; \\b\\t\\n\\f\\r",
        "\\0\\1\\37\\33; \\u0000\\u0001\\u001f\\u001b",
        "\\177; \u007f",
        "é€😀; é€😀",
        "\u2028\u2029; \u2028\u2029",
      })
  void onlyWhatMustBeIsEscaped(String text, String escaped) {
    assertEquals(escaped, escaped(text.translateEscapes()));
  }

  @Test
  void halfASurrogatePairIsAnEscape() {
    assertEquals("\\ud83d", escaped("\ud83d"));
    assertEquals("\\ude00a", escaped("\ude00a"));
    assertEquals("\\ude00\\ud83d", escaped("\ude00\ud83d"));
    assertEquals("\\ud83d\ud83d\ude00", escaped("\ud83d\ud83d\ude00"));
  }

  @Test
  void aRangeOfAnArrayIsWritten() {
    ByteBuf out = Unpooled.buffer();
    escape.write("abcd".toCharArray(), 1, 2, out);
    assertEquals("bc", out.toString(UTF_8));
  }

  @Test
  void jsonIsWrittenAsItIs() {
    ByteBuf out = Unpooled.buffer();
    escape.writeJson(chars("{\"a\\n\": \"\\u0041é😀\",\n\t\"b\":\"\ud83d\"}"), out);
    assertEquals("{\"a\\n\": \"\\u0041é😀\",\n\t\"b\":\"\\ud83d\"}", out.toString(UTF_8));
  }

  @Provide
  Arbitrary<String> anyChars() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.chars().range('\0', '\u00ff')),
            Tuple.of(1, Arbitraries.chars().all()),
            Tuple.of(2, Arbitraries.chars().range('\ud7ff', '\ue000')))
        .list()
        .ofMaxSize(3000)
        .map(
            list -> {
              StringBuilder text = new StringBuilder();
              list.forEach(text::append);
              return text.toString();
            });
  }

  @Property(tries = 300)
  void aReaderGetsBackWhatWasWrittenInHoweverManyCalls(
      @ForAll("anyChars") String text, @ForAll @IntRange(max = 3000) int cut)
      throws IOException {
    int at = Math.min(cut, text.length());
    ByteBuf out = Unpooled.buffer();
    out.writeByte('"');
    escape.write(text.toCharArray(), 0, at, out);
    escape.write(chars(text.substring(at)), out);
    out.writeByte('"');
    try (JsonParser parser = new JsonFactory().createParser(ByteBufUtil.getBytes(out))) {
      parser.nextToken();
      assertEquals(text, parser.getText());
    }
  }
}
