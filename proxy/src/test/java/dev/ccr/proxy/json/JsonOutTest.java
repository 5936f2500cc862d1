package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonOutTest {

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        7,
        9,
        10,
        99,
        100,
        1_000_000_000_000_000_000L,
        999_999_999_999_999_999L,
        Long.MAX_VALUE,
        -1,
        -10,
        -Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void aNumberIsItsDecimalDigits(long value) {
    ByteBuf out = Unpooled.buffer();
    JsonOut.number(value, out);
    assertEquals(Long.toString(value), out.toString(UTF_8));
  }

  @Property
  void anyNumberIsItsDecimalDigits(@ForAll long value) {
    aNumberIsItsDecimalDigits(value);
  }

  @ParameterizedTest(name = "<{0}>")
  @CsvSource(
      quoteCharacter = '`',
      value = {"a, \"a\"", "``, \"\"", "a\"b\\, \"a\\\"b\\\\\"", "ü, \"ü\""})
  void aStringHasItsQuotes(String value, String json) {
    ByteBuf out = Unpooled.buffer();
    JsonOut.string(value, JsonEscape.ofThisThread(), out);
    assertEquals(json, out.toString(UTF_8));
  }
}
