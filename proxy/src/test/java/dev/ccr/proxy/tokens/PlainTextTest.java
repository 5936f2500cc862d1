package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlainTextTest {

  private static final String[] ESCAPES = {
    "\\n", "\\t", "\\r", "\\b", "\\f", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\u6f22",
    "\\ud83d\\ude00", "\\uD83D", "\\ude00", "\\ud83d\\u0041", "\\ud83d\\n", "\\ud83d\\ud83d\\ude00"
  };

  /** Reads through an array so small that every place is a place to stop at. */
  private static String read(Form form, String json, int arraySize) {
    byte[] utf8 = json.getBytes(UTF_8);
    PlainText plain = new PlainText();
    plain.reset(ByteBuffer.wrap(utf8), form, 0, utf8.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[arraySize];
    while (!plain.atEnd()) {
      int length = plain.fill(some, 0);
      assertTrue(length > 0, "no progress");
      all.write(some, 0, length);
    }
    return all.toString(UTF_8);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{ \"a\" : [ 1 , true,\tnull ] }; {\"a\":[1,true,null]}",
        "{\"a b\": \" c  d \"}; {\"a b\":\" c  d \"}",
        "{\"a\":\"x\\ny \\\" {  } \\\\\" , \"b\":1}; {\"a\":\"x\\ny \\\" {  } \\\\\",\"b\":1}",
        "[\"\\u00e9\\u6f22\\ud83d\\ude00\"]; [\"é漢😀\"]",
        "[\"\\u0041\\u0007\\ud83d\"]; [\"\\u0041\\u0007?\"]"
      })
  void jsonIsReadWithoutWhatNeedNotBeThere(String json, String expected) {
    assertEquals(expected, read(Form.JSON, json, 64));
    assertEquals(expected, read(Form.JSON, json, 7));
  }

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void stringsAreReadAsTheCursorReadsThem(@ForAll long seed) throws JsonSyntaxException {
    Random random = new Random(seed);
    StringBuilder content = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      if (random.nextBoolean()) {
        content.append(ESCAPES[random.nextInt(ESCAPES.length)]);
      } else {
        content.append(Texts.random(random, 1).replaceAll("[\"\\\\\\x00-\\x1f]", "~"));
      }
    }
    byte[] utf8 = ("\"" + content + "\"").getBytes(UTF_8);
    JsonCursor cursor = new JsonCursor();
    cursor.reset(ByteBuffer.wrap(utf8), 0, utf8.length);
    cursor.readString();
    String expected = new String(cursor.stringValue().getBytes(UTF_8), UTF_8); // halves are ?
    assertEquals(expected, read(Form.STRING, content.toString(), 4096));
    assertEquals(expected, read(Form.STRING, content.toString(), 8));
  }
}
