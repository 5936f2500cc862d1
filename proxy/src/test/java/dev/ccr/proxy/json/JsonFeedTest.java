package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.testing.Cuts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonFeedTest {

  private static final String FAILED = "failed";

  /** The tokens of all pieces, each chunk behind a few bytes that are not fed. */
  private static String tokens(List<byte[]> pieces) {
    JsonFeed feed = new JsonFeed();
    StringBuilder tokens = new StringBuilder();
    try {
      for (byte[] piece : pieces) {
        ByteBuf chunk = ByteBufAllocator.DEFAULT.directBuffer();
        try {
          chunk.writeBytes("data:".getBytes(UTF_8)).writeBytes(piece).writeByte('\n');
          feed.open(chunk);
          feed.feed(5, 5 + piece.length);
          drain(feed, tokens);
        } finally {
          chunk.release();
        }
      }
    } catch (MalformedStreamException e) {
      return FAILED;
    }
    return tokens + (feed.isBetweenValues() ? "" : "...");
  }

  private static void drain(JsonFeed feed, StringBuilder tokens)
      throws MalformedStreamException {
    Chars text = new Chars();
    for (JsonToken token; (token = feed.next()) != JsonToken.NOT_AVAILABLE; ) {
      switch (token) {
        case FIELD_NAME -> tokens.append(feed.name()).append('=');
        case VALUE_STRING -> {
          feed.appendTo(text);
          tokens.append('<').append(text).append('>');
          text.clear();
        }
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tokens.append(feed.integer()).append(' ');
        default -> tokens.append(token.asString());
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"a\":[1,-2,{}],\"b\":null}; {a=[1 -2 {}]b=null}",
        "{\"t\":\"é€😀\\\"\\u00e9\\ud83d\\ude00\"}; {t=<é€😀\"é😀>}",
        "{\"\\u0061\":true,\"a\":false}; {a=truea=false}",
        "{\"n\":1.9,\"m\":-1e3,\"o\":123456789012345678901234567890};"
            + " {n=1 m=-1000 o=9223372036854775807 }",
        "{ \"a\" : \"x,\" , \"b\" : [ ] }; {a=<x,>b=[]}",
        "{\"a\":1}{\"b\":2} {}; {a=1 }{b=2 }{}",
        "{\"a\":{\"b\":[{\"c\":\"\"}]}}; {a={b=[{c=<>}]}}",
        "{\"a\":[1; {a=[1 ...",
      })
  void tokensAreTheSameHoweverTheTextIsCut(String json, String tokens) {
    byte[] bytes = json.getBytes(UTF_8);
    if (!json.endsWith("1")) { // whether a number at the end is whole is not known
      assertEquals(tokens, tokens(List.of(bytes)));
      Cuts.of(bytes.length)
          .forEach(cuts -> assertEquals(tokens, tokens(Cuts.cut(bytes, cuts))));
    } else {
      assertTrue(tokens(List.of(bytes)).endsWith("..."));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 , }",
        "{\"a\"}",
        "{\"a\" 1}",
        "{,}",
        "{\"a\":[1,]} ",
        "{\"a\":[1 , ] } ",
        "{\"a\":[,]} ",
        "{\"a\":[1 2]} ",
        "{\"a\":{\"b\":[],}}",
        "{\"a\":tru} ",
        "{\"a\":01} ",
        "{\"a\":1.} ",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\u0001\"}",
        "{a:1}",
        "{'a':1}",
        "}",
        "{]",
        "{\"a\":1]"
      })
  void whatIsNotJsonIsRefusedHoweverItIsCut(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    Cuts.of(bytes.length)
        .forEach(cuts -> assertEquals(FAILED, tokens(Cuts.cut(bytes, cuts))));
  }

  @Test
  void aNameIsTheSameObjectEachTimeItComesAgain() throws MalformedStreamException {
    JsonFeed feed = new JsonFeed();
    String first = nameOf(feed);
    assertEquals(
        System.identityHashCode(first), System.identityHashCode(nameOf(feed)));
  }

  private static String nameOf(JsonFeed feed) throws MalformedStreamException {
    ByteBuf chunk = ByteBufAllocator.DEFAULT.buffer().writeBytes("{\"x\":1}".getBytes(UTF_8));
    feed.open(chunk);
    feed.feed(0, chunk.readableBytes());
    feed.next();
    feed.next();
    String name = feed.name();
    while (feed.next() != JsonToken.NOT_AVAILABLE) {
      assertFalse(name.isEmpty());
    }
    chunk.release();
    return name;
  }

  @Test
  void aFailureDoesNotQuoteTheText() {
    JsonFeed feed = new JsonFeed();
    ByteBuf chunk = ByteBufAllocator.DEFAULT.buffer().writeBytes("{\"a\": secret".getBytes(UTF_8));
    MalformedStreamException failure =
        assertThrows(
            MalformedStreamException.class,
            () -> {
              feed.open(chunk);
              feed.feed(0, chunk.readableBytes());
              drain(feed, new StringBuilder());
            });
    assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
    chunk.release();
  }

  /** An answer may be over before all that was fed has been read. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{}; true",
        "` {\"a\":[1]} \n`; true",
        "{}{}; false",
        "{}{; false",
        "{}]; false",
        "{}x; false",
        "{}1; false",
        "{}\":\"\"}}; false",
        "{}\"}; false",
        "{\"a\"; false",
        "{\"a\":\"b; false",
      })
  void anotherStreamMayGoOnBehindWholeValues(String json, boolean reusable) throws Exception {
    JsonFeed feed = new JsonFeed();
    feed.feed(ByteBuffer.wrap(json.getBytes(UTF_8)));
    JsonToken token = feed.next();
    while (token != JsonToken.END_OBJECT && token != JsonToken.NOT_AVAILABLE) {
      token = feed.next();
    }
    assertEquals(reusable, feed.detach());
  }

  @Test
  void whatHasGrownGoesWithItsStream() throws Exception {
    JsonFeed feed = new JsonFeed();
    feed.feed(ByteBuffer.wrap(("[\"" + "x".repeat(16_380) + "\"]").getBytes(UTF_8)));
    drain(feed, new StringBuilder());
    assertTrue(feed.detach());
    feed.feed(ByteBuffer.wrap(("[\"" + "x".repeat(16_381) + "\"]").getBytes(UTF_8)));
    drain(feed, new StringBuilder());
    assertFalse(feed.detach());
  }

  /** Each name that is new is kept by the parser, and the same text each time it comes again. */
  @Test
  void aParserThatServesManyStreamsForgetsTheirNames() throws Exception {
    JsonFeed feed = new JsonFeed();
    String first = nameOf(feed);
    long fed = 0;
    for (int i = 0; fed < 2 << 20; i++) {
      byte[] event = ("{\"a name " + i + "\":1}").getBytes(UTF_8);
      feed.feed(ByteBuffer.wrap(event));
      drain(feed, new StringBuilder());
      assertTrue(feed.detach());
      fed += event.length;
    }
    assertNotEquals(System.identityHashCode(first), System.identityHashCode(nameOf(feed)));
  }
}
