package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ccr.proxy.testing.Transcript;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbered cases of the translation's specification that no other test names. */
final class ChatVectorsTest {

  private static final String V1 =
      "delta \"role\":\"assistant\",\"content\":\"\" | text Hel | text lo | finish stop"
          + " | chunk \"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2} | done";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "V1 role and text and figures; " + V1 + "; start text[ Hel lo ] end_turn stop",
        "V3 alternating fragments; call {\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f1\"}}"
            + " | call {\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"f2\",\"arguments\":\"{\"}}"
            + " | call {\"index\":0,\"function\":{\"arguments\":\"{\"}}"
            + " | call {\"index\":1,\"function\":{\"arguments\":\"}\"}}"
            + " | call {\"index\":0,\"function\":{\"arguments\":\"}\"}} | done;"
            + " start tool_use:f1[ { } ] tool_use:f2[ {} ] tool_use stop",
        "V4 index 0 for both; call {\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f1\","
            + "\"arguments\":\"{}\"}} | call {\"index\":0,\"id\":\"b\",\"function\":{\"name\":"
            + "\"f2\",\"arguments\":\"{}\"}} | finish stop | done;"
            + " start tool_use:f1[ {} ] tool_use:f2[ {} ] tool_use stop",
        "V5 id and name repeated; call {\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f1\","
            + "\"arguments\":\"{\"}} | call {\"index\":0,\"id\":\"a\",\"function\":{\"name\":"
            + "\"f1\",\"arguments\":\"}\"}} | done; start tool_use:f1[ { } ] tool_use stop",
        "V6 a name in pieces; call {\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"get_\"}}"
            + " | call {\"index\":0,\"function\":{\"name\":\"weather\"}}"
            + " | call {\"index\":0,\"function\":{\"arguments\":\"{}\"}} | done;"
            + " start tool_use:get_weather[ {} ] tool_use stop",
        "V7 no arguments; call {\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f1\","
            + "\"arguments\":null}} | call {\"index\":0,\"function\":{\"arguments\":\"\"}}"
            + " | finish tool_calls | done; start tool_use:f1[ ] tool_use stop"
      })
  void aStreamIsTranslated(String name, String stream, String expected) {
    assertNotNull(name);
    StreamTable.overAllCuts(
        stream,
        transcript -> {
          assertNull(transcript.failure());
          assertEquals(expected, StreamTable.events(transcript.written()));
        });
  }

  @Test
  void v2TheSameStreamInOtherFramingGivesTheSameBytes() {
    String plain = StreamTable.expand(V1);
    String expected = run(plain).written();
    assertEquals(expected, run(plain.replace("\n", "\r\n")).written());
    assertEquals(expected, run(plain.replace("\n", "\r")).written());
    assertEquals(expected, run(plain.replace("data: ", "data:")).written());
    assertEquals(expected, run(": PROCESSING\n\n" + plain.replace("data", ": x\ndata")).written());
    assertEquals(expected, run("\ufeff" + plain).written());
    assertEquals(expected, run(plain.stripTrailing()).written());
  }

  @Test
  void v13AResetInsideArgumentsNeverLooksComplete() {
    String call =
        "call {\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\"}}";
    byte[] body = StreamTable.expand(call).getBytes(UTF_8);
    Transcript transcript = Transcript.run(StreamTable.transcoder(), List.of(body), false);
    assertNotNull(transcript.failure());
    StreamTable.checkGrammar(transcript);
  }

  private static Transcript run(String stream) {
    Transcript transcript =
        Transcript.run(StreamTable.transcoder(), List.of(stream.getBytes(UTF_8)), true);
    assertNull(transcript.failure());
    return transcript;
  }
}
