package dev.ccr.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestScanTest {

  private final RequestScan scan = new RequestScan();

  private RequestFacts scan(String json) throws RequestException {
    ByteBuf body = ByteBufAllocator.DEFAULT.buffer(Math.max(1, ByteBufUtil.utf8MaxBytes(json)));
    try {
      ByteBufUtil.writeUtf8(body, json);
      return scan.scan(body);
    } finally {
      body.release();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      nullValues = "null",
      value = {
        "{\"messages\":[]}; null; ``; false",
        "{\"model\":\"m\",\"messages\":[]}; m; \"m\"; false",
        "{\"messages\":[],\"model\":\"a,b\",\"stream\":true}; a,b; \"a,b\"; true",
        "`  { \"model\" : \"m\" , \"messages\" : [ ] }  `; m; \"m\"; false",
        "{\"\\u006dodel\":\"m\",\"me\\u0073sages\":[],\"\\u0073tream\":true}; m; \"m\"; true",
        "{\"model\":\"\\u006d\",\"messages\":[]}; m; \"\\u006d\"; false",
        "{\"model\":\"größe\",\"messages\":[]}; größe; \"größe\"; false",
        "{\"model\":\"\",\"messages\":[]}; null; \"\"; false",
        "{\"model\":\"  \",\"messages\":[]}; null; \"  \"; false",
        "{\"Model\":\"m\",\"messages\":[]}; null; ``; false",
        "{\"a\":{\"model\":\"x\",\"stream\":true},\"messages\":[]}; null; ``; false",
        "{\"messages\":[{\"model\":\"x\"}],\"model\":\"m\"}; m; \"m\"; false",
        "{\"stream\":false,\"messages\":[]}; null; ``; false",
        "{\"stream\":null,\"messages\":[]}; null; ``; false",
        "{\"stream\":\"true\",\"messages\":[]}; null; ``; false",
        "{\"stream\":1,\"messages\":[]}; null; ``; false"
      })
  void theFactsOfARequestAreFound(String json, String model, String place, boolean stream)
      throws RequestException {
    RequestFacts facts = scan(json);
    assertEquals(model, facts.model());
    assertEquals(stream, facts.stream());
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    int start = Math.max(0, facts.modelStart());
    int length = Math.max(0, facts.modelEnd() - start);
    assertEquals(place, new String(bytes, start, length, StandardCharsets.UTF_8));
  }

  @ParameterizedTest(name = "<{0}>")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; request body: empty (expected: a JSON object)",
        "[]; request body: array (expected: a JSON object)",
        "\"{}\"; request body: string (expected: a JSON object)",
        "null; request body: null (expected: a JSON object)",
        "1; request body: number (expected: a JSON object)",
        "{}; messages: missing (expected: an array)",
        "{\"messages\":null}; messages: null (expected: an array)",
        "{\"messages\":\"hi\"}; messages: string (expected: an array)",
        "{\"messages\":{}}; messages: object (expected: an array)",
        "{\"model\":null,\"messages\":[]}; model: null (expected: a string)",
        "{\"model\":1,\"messages\":[]}; model: number (expected: a string)",
        "{\"model\":true,\"messages\":[]}; model: true (expected: a string)",
        "{\"model\":[\"m\"],\"messages\":[]}; model: array (expected: a string)",
        "{\"model\":\"a\",\"messages\":[],\"model\":\"b\"}; model: given twice (expected: once)",
        "{\"model\":\"a\",\"mode\\u006c\":\"a\"}; model: given twice (expected: once)"
      })
  void aRequestThatIsNotWhatTheApiTakesIsRefused(String json, String message) {
    RequestException failure = assertThrows(RequestException.class, () -> scan(json));
    assertEquals(ApiErrorType.INVALID_REQUEST, failure.type());
    assertEquals(400, failure.status());
    assertEquals(message, failure.getMessage());
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(
      strings = {
        " ",
        "hello",
        "\uFEFF{\"messages\":[]}",
        "{\"messages\":[]",
        "{\"messages\":[}",
        "{\"messages\":[]}}",
        "{\"messages\":[]}{}",
        "{\"messages\":[],}",
        "{'messages':[]}",
        "{\"messages\":[],\"a\":01}",
        "{\"messages\":[],\"a\":\"\\x\"}",
        "{\"messages\":[],\"a\":\"\n\"}",
        "{\"messages\":[],\"a\":NaN}",
        "{\"messages\":[]} // comment",
        "{\"messages\":[\"unfinished"
      })
  void whatIsNotJsonIsRefusedWithoutQuotingIt(String text) {
    RequestException failure = assertThrows(RequestException.class, () -> scan(text));
    assertEquals(400, failure.status());
    assertTrue(failure.getMessage().startsWith("request body: "), failure.getMessage());
    assertEquals(-1, failure.getMessage().indexOf("unfinished"));
  }

  @Test
  void offsetsCountFromTheStartOfTheBuffer() throws RequestException {
    ByteBuf body = ByteBufAllocator.DEFAULT.buffer();
    ByteBufUtil.writeUtf8(body, "xxx{\"model\":\"m\",\"messages\":[]}yyy");
    body.setIndex(3, body.writerIndex() - 3);
    RequestFacts facts = scan.scan(body);
    assertEquals(12, facts.modelStart());
    assertEquals(15, facts.modelEnd());
    assertEquals(3, body.readerIndex(), "the body is only borrowed");
    body.release();
  }

  @Test
  void aScanKnowsNothingOfTheOneBefore() throws RequestException {
    scan("{\"model\":\"m\",\"stream\":true,\"messages\":[]}");
    assertThrows(RequestException.class, () -> scan("{\"model\":\"m\",\"messages\":[[["));
    assertEquals(new RequestFacts(null, -1, -1, false), scan("{\"messages\":[]}"));
  }
}
