package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SplicesTest {

  private static final int SOURCE_BYTES = 3 * Splices.SLICE_THRESHOLD;
  private static final String SOURCE = sourceText();

  /** One thing that is appended to one of two sections: glue, or a range of the source. */
  record Piece(boolean first, String glue, int start, int length) {

    void addTo(Splices.Section section, StringBuilder plain) {
      if (length == 0) {
        section.glue(JsonOut.ascii(glue));
        plain.append(glue);
      } else {
        int end = Math.min(SOURCE_BYTES, start + length);
        section.range(start, end);
        plain.append(SOURCE, start, end);
      }
    }
  }

  private static String sourceText() {
    StringBuilder text = new StringBuilder();
    new Random(1).ints(SOURCE_BYTES, ' ', '~').forEach(c -> text.append((char) c));
    return text.toString();
  }

  private static ByteBuf source() {
    ByteBuf source = ByteBufAllocator.DEFAULT.directBuffer(SOURCE_BYTES);
    ByteBufUtil.writeAscii(source, SOURCE);
    return source;
  }

  private static String built(Splices splices, Splices.Section section) {
    ByteBuf text = splices.build(section, ByteBufAllocator.DEFAULT);
    String built = text.toString(UTF_8);
    text.release();
    return built;
  }

  @Provide
  Arbitrary<List<Piece>> pieces() {
    Arbitrary<Integer> lengths =
        Arbitraries.oneOf(
            Arbitraries.just(0),
            Arbitraries.integers().between(1, 100),
            Arbitraries.integers().between(
                Splices.SLICE_THRESHOLD - 1, 2 * Splices.SLICE_THRESHOLD));
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.strings().ascii().ofMaxLength(20),
            Arbitraries.integers().between(0, SOURCE_BYTES - 1),
            lengths)
        .as(Piece::new)
        .list()
        .ofMaxSize(80);
  }

  @Property(tries = 200)
  void aTextIsItsPiecesOneAfterTheOther(@ForAll("pieces") List<Piece> pieces) {
    ByteBuf source = source();
    Splices splices = new Splices(source);
    Splices.Section first = splices.section();
    Splices.Section second = splices.section();
    StringBuilder firstPlain = new StringBuilder();
    StringBuilder secondPlain = new StringBuilder();
    for (Piece piece : pieces) {
      piece.addTo(piece.first() ? first : second, piece.first() ? firstPlain : secondPlain);
    }
    first.append(second).glue('.');
    String plain = firstPlain.append(secondPlain).append('.').toString();
    assertEquals(plain.length(), first.length());
    ByteBuf text = splices.build(first, ByteBufAllocator.DEFAULT);
    assertEquals(plain, text.toString(UTF_8));
    source.release(); // the text keeps what it needs
    assertEquals(plain, text.toString(UTF_8));
    text.release();
    assertEquals(0, source.refCnt());
  }

  @ParameterizedTest
  @CsvSource({"4095, false", "4096, true"})
  void largeRangesAreSlicesOfTheSource(int length, boolean sliced) {
    ByteBuf source = source();
    Splices splices = new Splices(source);
    ByteBuf text =
        splices.build(
            splices.section().glue('<').range(0, length).glue('>'), ByteBufAllocator.DEFAULT);
    byte before = text.getByte(1);
    source.setByte(0, before + 1);
    assertEquals(sliced, text.getByte(1) != before);
    assertEquals(sliced ? 2 : 1, source.refCnt());
    text.release();
    assertEquals(1, source.refCnt());
    source.release();
  }

  @Test
  void anEmptySectionIsAnEmptyText() {
    ByteBuf source = source();
    Splices splices = new Splices(source);
    assertTrue(splices.section().isEmpty());
    assertTrue(splices.section().range(5, 5).isEmpty());
    assertEquals("", built(splices, splices.section()));
    source.release();
  }

  @Test
  void aCommaStandsBetweenElementsOnly() {
    ByteBuf source = source();
    Splices splices = new Splices(source);
    Splices.Section list = splices.section();
    for (char c = 'a'; c < 'd'; c++) {
      list.comma().glue(c);
    }
    assertEquals("a,b,c", built(splices, list));
    source.release();
  }

  @Test
  void whatAnotherSectionHasTakenStaysItsWhenASectionIsCleared() {
    ByteBuf source = source();
    Splices splices = new Splices(source);
    Splices.Section part = splices.section().glue('a').string("b\"");
    Splices.Section whole = splices.section().append(part);
    part.clear().glue('c');
    assertEquals("a\"b\\\"\"", built(splices, whole));
    assertEquals("c", built(splices, part));
    assertFalse(part.isEmpty());
    source.release();
  }

  @Test
  void jsonWithinJsonIsEscaped() {
    ByteBuf source = ByteBufAllocator.DEFAULT.buffer();
    ByteBufUtil.writeUtf8(source, "{\"a\":\n\t\"ü\\n\\\"\"\r}");
    Splices splices = new Splices(source);
    assertEquals(
        "{\\\"a\\\":\\n\\t\\\"ü\\\\n\\\\\\\"\\\"\\r}",
        built(splices, splices.section().escapedRange(0, source.writerIndex())));
    source.release();
  }

  @Test
  void theInsideOfAStringIsWithoutItsQuotes() {
    ByteBuf source = ByteBufAllocator.DEFAULT.buffer();
    ByteBufUtil.writeAscii(source, "x\"abc\"");
    Splices splices = new Splices(source);
    Span span = new Span();
    span.set(1, 6);
    assertEquals(
        "abc\"abc\"", built(splices, splices.section().inside(span).range(span)));
    source.release();
  }
}
