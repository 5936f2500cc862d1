package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTextTest {

  private static final JsonFactory JACKSON = new JsonFactory();

  private static final List<String> PIECES =
      List.of(
          "a", "some words ", "\\n", "\\\"", "\\\\", "\\/", "\\b\\f\\r\\t", "\\u00e9", "\\u4E16",
          "\\ud83d\\ude00", "\\ud83d", "\\u0000", "\\u00", "\\x", "é", "世", "😀", "\u007f", "\t",
          "\"", "x".repeat(300));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; ``",
        "abc; abc",
        "a\\\"b\\\\c\\/d; a\"b\\c/d",
        "\\n\\r\\t\\b\\f; NRTBF",
        "\\u00e9\\u4E16\\ud83d\\ude00; é世😀",
        "é世😀; é世😀",
      })
  void aTextIsRead(String json, String text) {
    Chars out = new Chars();
    byte[] in = (json + "\",").getBytes(UTF_8);
    assertEquals(in.length - 2, JsonText.decode(in, 0, in.length, out));
    String read = out.toString();
    for (String control : List.of("\nN", "\rR", "\tT", "\bB", "\fF")) {
      read = read.replace(control.charAt(0), control.charAt(1));
    }
    assertEquals(text, read);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "61, no end", "615c, half an escape", "5c7822, no escape", "5c7530303022, a short code",
    "5cc322, an escape of a byte", "0a22, a control character", "8022, no first byte",
    "c3, half a sequence", "c322, a quote inside a sequence", "c0af22, two bytes for a slash",
    "e0809f22, three bytes for two", "eda08022, half a pair", "f08080af22, four bytes for three",
    "f490808022, behind the last", "ff22, no byte of UTF-8"
  })
  void whatIsNotAsItShouldBeIsLeftToAParser(String hex, String what) {
    byte[] in = HexFormat.of().parseHex(hex);
    assertEquals(-1, JsonText.decode(in, 0, in.length, new Chars()), what);
  }

  @Property(tries = 5000, shrinking = ShrinkingMode.OFF)
  void whatIsTakenIsWhatAParserReads(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    json.write('"');
    for (int i = random.nextInt(12); i > 0; i--) {
      if (random.nextInt(12) == 0) {
        json.write(random.nextInt(256));
      } else {
        json.writeBytes(PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8));
      }
    }
    json.write('"');
    byte[] in = json.toByteArray();
    Chars out = new Chars();
    out.append("before ");
    int end = JsonText.decode(in, 1, in.length, out);
    if (end < 0) {
      return;
    }
    assertEquals('"', in[end]);
    try (JsonParser parser = JACKSON.createParser(in, 0, end + 1)) {
      parser.nextToken();
      assertEquals("before " + parser.getText(), out.toString());
      assertTrue(parser.nextToken() == null);
    }
  }
}
