package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ccr.proxy.testing.JsonTree;
import dev.ccr.proxy.testing.Transcript;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of custom tools, whose input is a text and not JSON. */
final class ChatCustomToolTest {

  private static final String FIRST = "call {\"index\":0,\"id\":\"i\",\"type\":\"custom\",\"custom\":";
  private static final String FUNCTION =
      "call {\"index\":1,\"id\":\"j\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "in pieces; {\"name\":\"f\",\"input\":\"\"} , {\"input\":\"ls\"} , {\"input\":\" -l\"};"
            + " start tool_use[ {\\\"input\\\":\\\" ls  -l \\\"} ] tool_use stop; ls -l",
        "in one; {\"input\":\"ls\",\"name\":\"f\"};"
            + " start tool_use[ {\\\"input\\\":\\\"ls \\\"} ] tool_use stop; ls",
        "without input; {\"name\":\"f\"}; start tool_use[ {\\\"input\\\":\\\" \\\"} ] tool_use stop; ``"
      })
  void aTextIsTheInputsOnlyField(String name, String fragments, String events, String input) {
    assertNotNull(name);
    String calls = fragments.replace(" , ", "} | call {\"index\":0,\"custom\":");
    String stream = FIRST + calls + "} | finish tool_calls | done";
    StreamTable.overAllCuts(
        stream,
        transcript -> {
          assertNull(transcript.failure());
          assertEquals(events, StreamTable.events(transcript.written()));
          assertEquals(Map.of("input", input), input(transcript));
        });
  }

  @Test
  void whateverTheTextIsItArrivesAsItIs() {
    String text = "\"\\\n\u0001\u2028\ud83d\ude00\ud83d";
    StringBuilder stream = new StringBuilder(FIRST + "{\"name\":\"f\"}}");
    for (int i = 0; i < text.length(); i++) { // pairs of surrogates come in halves
      stream
          .append(" | call {\"index\":0,\"custom\":{\"input\":\"\\u")
          .append(HexFormat.of().toHexDigits(text.charAt(i)))
          .append("\"}}");
    }
    StreamTable.overAllCuts(
        stream.append(" | done").toString(),
        transcript -> {
          assertNull(transcript.failure());
          assertEquals(Map.of("input", text), input(transcript));
        });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "beside a function; finish tool_calls; start tool_use[ {\\\"input\\\":\\\"ls"
            + " \\\"} ] tool_use[ {} ] tool_use stop",
        "cut at length; finish length; start tool_use[ {\\\"input\\\":\\\"ls"
            + " \\\"} ] tool_use[ {} ] max_tokens stop",
        "text behind it; text a; start tool_use[ {\\\"input\\\":\\\"ls"
            + " \\\"} ] tool_use[ {} ] text[ a ] tool_use stop"
      })
  void itStandsInItsPlace(String name, String end, String events) {
    assertNotNull(name);
    String stream =
        FIRST + "{\"name\":\"f\",\"input\":\"ls\"}} | " + FUNCTION + " | " + end
            + " | done";
    StreamTable.overAllCuts(
        stream,
        transcript -> {
          assertNull(transcript.failure());
          assertEquals(events, StreamTable.events(transcript.written()));
        });
  }

  @Test
  void aWholeMessageHasItToo() {
    byte[] body =
        """
        {"model":"m","choices":[{"message":{"tool_calls":[{"id":"i","type":"custom",
        "custom":{"name":"f","input":"say \\"hi\\""}}]},"finish_reason":"tool_calls"}]}
        """
            .getBytes(UTF_8);
    Transcript transcript = Transcript.run(StreamTable.open(false, false), List.of(body), true);
    assertNull(transcript.failure());
    String expected =
        "\"content\":[{\"type\":\"tool_use\",\"id\":\"i\",\"name\":\"f\",\"input\":"
            + "{\"input\":\"say \\\"hi\\\"\"}}],\"stop_reason\":\"tool_use\"";
    assertEquals(true, transcript.written().contains(expected), transcript.written());
  }

  /** The input that the fragments of a call's input make together. */
  private static Object input(Transcript transcript) {
    String json =
        transcript
            .written()
            .lines()
            .filter(line -> line.contains("input_json_delta"))
            .map(line -> JsonTree.parse(line.substring("data: ".length())).orElseThrow())
            .map(event -> ((Map<?, ?>) event).get("delta"))
            .map(delta -> String.valueOf(((Map<?, ?>) delta).get("partial_json")))
            .collect(Collectors.joining());
    Optional<Object> input = JsonTree.parse(json);
    return input.orElse("no JSON: " + json);
  }
}
