package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonCursorTest {
  private final JsonCursor cursor = new JsonCursor();

  @Test
  void leavesTheCallersBufferAsItIs() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.BIG_ENDIAN);
    buffer.put(8, "[\"a text of more than eight bytes\"]".getBytes(US_ASCII));
    buffer.limit(20).position(15);
    cursor.reset(buffer.asReadOnlyBuffer(), 8, 43);
    cursor.skipValue();
    cursor.end();
    assertEquals(ByteBuffer.allocate(64).limit(20).position(15).toString(),
        buffer.toString().replace("Direct", "Heap"));
    assertEquals(ByteOrder.BIG_ENDIAN, buffer.order());
  }

  @Test
  void walksARequestAndTellsWhereItsValuesStand() throws Exception {
    String text = """
        {"model" : "a,b", "max_tokens":-12, "\\u0073tream": true,
         "messages": [ {"content":"x\\ny"}, null ], "tools":{"k":[1]}, "stop":null}
        """;
    start(text);
    cursor.enterObject();
    assertTrue(cursor.nextField());
    assertTrue(cursor.keyIs("model"));
    assertFalse(cursor.keyIs("mode") || cursor.keyIs("models") || cursor.keyIs("modem"));
    assertEquals("model", text.substring(cursor.keyStart(), cursor.keyEnd()));
    assertEquals(JsonCursor.Kind.STRING, cursor.peek());
    cursor.readString();
    assertEquals("\"a,b\"", text.substring(cursor.valueStart(), cursor.valueEnd()));
    assertTrue(cursor.stringIs("a,b") && !cursor.stringIs("a,c") && !cursor.stringHasEscapes());
    assertTrue(cursor.nextField());
    assertEquals(-12, cursor.readLong());
    assertTrue(cursor.nextField());
    assertTrue(cursor.keyIs("stream"), "an escaped name is the same name");
    assertFalse(cursor.keyIs("strean"));
    assertTrue(cursor.readBoolean());
    assertTrue(cursor.nextField());
    int from = cursor.position();
    cursor.enterArray();
    assertTrue(cursor.nextElement());
    cursor.skipValue();
    assertEquals("{\"content\":\"x\\ny\"}",
        text.substring(cursor.valueStart(), cursor.valueEnd()));
    assertTrue(cursor.nextElement());
    cursor.readNull();
    assertFalse(cursor.nextElement());
    assertEquals("[ {\"content\":\"x\\ny\"}, null ]", text.substring(from, cursor.position()));
    assertTrue(cursor.nextField());
    cursor.skipValue();
    assertTrue(cursor.keyIs("tools"), "skipping a value leaves its name in force");
    assertTrue(cursor.nextField());
    assertEquals(JsonCursor.Kind.NULL, cursor.peek());
    cursor.skipValue();
    assertFalse(cursor.nextField());
    cursor.end();
  }

  @Test
  void walksANotedValueAgainLater() throws Exception {
    start("{\"a\":[\"x\\\"y\"],\"b\":2}");
    cursor.enterObject();
    assertTrue(cursor.nextField());
    cursor.skipValue();
    cursor.reset(cursor.valueStart(), cursor.valueEnd());
    cursor.enterArray();
    assertTrue(cursor.nextElement());
    cursor.readString();
    assertTrue(cursor.stringHasEscapes() && cursor.stringIs("x\"y"));
    assertEquals("x\"y", cursor.stringValue());
    assertFalse(cursor.nextElement());
    cursor.end();
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', delimiter = ';', value = {
    "{\"a\":1 \"b\":2}; expected ',' or '}' at byte 7", "[1 2]; expected ',' or ']' at byte 3",
    "{a}; expected '\"' or '}' at byte 1", "{\"a\":1,}; expected '\"' at byte 7",
    "{\"a\" 1}; expected ':' at byte 5", "[1,]; expected a value at byte 3",
    "[-a]; expected a digit at byte 2", "1.; expected a digit at byte 2",
    "[nuLl]; expected null at byte 1", "\"abc; expected '\"' at byte 4",
    "\"a\\x\"; expected one of \"\\/bfnrtu at byte 3",
    "\"\\u12G4\"; expected a hexadecimal digit at byte 5",
    "\"\t\"; expected no raw control character at byte 1",
    "[] x; expected the end of the text at byte 3",
    "``; expected a value at byte 0",
  })
  void anErrorSaysWhatWasExpectedAndWhere(String text, String message) {
    start(text);
    JsonSyntaxException e =
        assertThrows(
            JsonSyntaxException.class,
            () -> {
              cursor.skipValue();
              cursor.end();
            });
    assertEquals(message, e.getMessage());
    assertTrue(message.endsWith(" " + e.offset()));
    assertEquals(0, e.getStackTrace().length);
  }

  @Test
  void aLevelTooManyIsAnErrorWhereItOpens() {
    start("[".repeat(1_000_000));
    JsonSyntaxException e = assertThrows(JsonSyntaxException.class, cursor::skipValue);
    assertEquals("expected at most 512 levels at byte 512", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0,0", "-0,0", "42,42", "9223372036854775807,9223372036854775807",
    "-9223372036854775808,-9223372036854775808", "9223372036854775808,", "-9223372036854775809,",
    "99999999999999999999,", "1.0,", "1e3,", "true,", "-,",
  })
  void readsIntegersThatFitALong(String text, Long value) throws Exception {
    start(text);
    if (value == null) {
      assertThrows(JsonSyntaxException.class, cursor::readLong);
    } else {
      assertEquals(value, cursor.readLong());
      cursor.end();
    }
  }

  @Test
  void anotherKindThanAskedForIsAnErrorThatLeavesTheValueInPlace() throws Exception {
    start(" [\"s\"]");
    for (Executable read :
        List.<Executable>of(
            cursor::enterObject, cursor::readString, cursor::readBoolean, cursor::readNull,
            cursor::readLong)) {
      assertEquals(1, assertThrows(JsonSyntaxException.class, read).offset());
    }
    cursor.enterArray();
    assertTrue(cursor.nextElement());
    assertThrows(JsonSyntaxException.class, cursor::enterArray);
    cursor.readString();
    assertEquals("s", cursor.stringValue());
  }

  @Test
  void callsOutOfOrderAreBugs() throws Exception {
    start("{\"a\":[1]}");
    assertThrows(IllegalStateException.class, cursor::nextField);
    assertThrows(IllegalStateException.class, cursor::end);
    assertThrows(IllegalStateException.class, cursor::stringValue);
    cursor.enterObject();
    assertThrows(IllegalStateException.class, cursor::skipValue);
    assertThrows(IllegalStateException.class, cursor::nextElement);
    assertTrue(cursor.nextField());
    assertThrows(IllegalStateException.class, cursor::nextField, "the value was forgotten");
    cursor.skipValue();
    assertThrows(IllegalStateException.class, cursor::stringValue);
    assertThrows(IllegalStateException.class, cursor::end);
    assertFalse(cursor.nextField());
    assertThrows(IllegalStateException.class, cursor::nextField);
    assertThrows(IllegalStateException.class, cursor::peek);
    cursor.end();
    cursor.clear();
    assertThrows(JsonSyntaxException.class, cursor::peek);
    assertThrows(IndexOutOfBoundsException.class, () -> cursor.reset(0, 1));
  }

  private void start(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    cursor.reset(ByteBuffer.allocateDirect(bytes.length).put(0, bytes), 0, bytes.length);
  }
}
