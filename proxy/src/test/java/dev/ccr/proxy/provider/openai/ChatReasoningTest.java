package dev.ccr.proxy.provider.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.claude.Minted;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reasoning, in whichever fields and pieces it comes. */
final class ChatReasoningTest {

  private static final Pattern MINTED = Pattern.compile(Pattern.quote(Minted.MARKER) + "[\\w-]+");
  private static final String CLAUDE = "\"format\":\"anthropic-claude-v1\",\"index\":0";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "reasoning_content; delta \"content\":null,\"reasoning_content\":\"r\""
            + " | delta \"content\":\"a\",\"reasoning_content\":null | done;"
            + " start thinking[ r ] text[ a ] end_turn stop",
        "reasoning; delta \"reasoning\":\"r\",\"content\":\"\" | text a | done;"
            + " start thinking[ r ] text[ a ] end_turn stop",
        "empty means nothing; delta \"reasoning\":\"\",\"reasoning_content\":\"\","
            + "\"reasoning_details\":[] | text a | done; start text[ a ] end_turn stop",
        "the same in all fields; delta \"reasoning_details\":[{\"type\":\"reasoning.text\","
            + "\"text\":\"r\"}],\"reasoning\":\"r\",\"reasoning_content\":\"r\" | text a | done;"
            + " start thinking[ r ] text[ a ] end_turn stop",
        "the best source is not empty; delta \"reasoning_content\":\"\",\"reasoning\":\"r\""
            + " | delta \"reasoning_content\":\"s\",\"reasoning\":\"\" | text a | done;"
            + " start thinking[ r s ] text[ a ] end_turn stop",
        "details alone; delta \"reasoning_details\":[{\"type\":\"reasoning.summary\","
            + "\"summary\":\"r\"}] | text a | done;"
            + " start thinking[ r ] text[ a ] end_turn stop",
        "text, then more reasoning; delta \"reasoning\":\"r\" | text a"
            + " | delta \"reasoning\":\"s\" | text b | done;"
            + " start thinking[ r ] text[ a ] thinking[ s ] text[ b ] end_turn stop",
        "reasoning after a whole call; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":"
            + "\"f\",\"arguments\":\"{}\"}} | delta \"reasoning\":\"r\" | done;"
            + " start tool_use[ {} ] thinking[ r ] tool_use stop",
        "reasoning inside a call; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":"
            + "\"f\",\"arguments\":\"{\"}} | delta \"reasoning\":\"r\""
            + " | call {\"index\":0,\"function\":{\"arguments\":\"}\"}} | done;"
            + " start tool_use[ { } ] thinking[ r ] tool_use stop",
        "thinking parts; delta \"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":"
            + "\"text\",\"text\":\"r\"}]},{\"type\":\"text\",\"text\":\"a\"},{\"type\":"
            + "\"reference\",\"reference_ids\":[1]},{\"type\":\"text\",\"text\":\"b\"}] | done;"
            + " start thinking[ r ] text[ ab ] end_turn stop",
        "V8 equal text twice and a signature; delta \"reasoning\":\"r\",\"reasoning_details\":"
            + "[{\"type\":\"reasoning.text\",\"text\":\"r\"," + CLAUDE + "}]"
            + " | delta \"reasoning\":\"\",\"reasoning_details\":[{\"type\":\"reasoning.text\","
            + "\"signature\":\"Si\"," + CLAUDE + "}]"
            + " | delta \"reasoning_details\":[{\"signature\":\"G+\"," + CLAUDE + "}]"
            + " | text a | done; start thinking[ r SiG+ ] text[ a ] end_turn stop",
        "a signature without text; delta \"reasoning_details\":[{\"type\":\"reasoning.text\","
            + "\"text\":\"\",\"signature\":\"S\"," + CLAUDE + "}] | done;"
            + " start thinking[ S ] end_turn stop",
        "reasoning behind a signature is another block; delta \"reasoning_details\":[{\"text\":"
            + "\"r\",\"signature\":\"S\"," + CLAUDE + "},{\"text\":\"t\",\"signature\":\"T\","
            + "\"format\":\"anthropic-claude-v1\",\"index\":1}],\"reasoning\":\"rt\" | done;"
            + " start thinking[ r S ] thinking[ t T ] end_turn stop",
        "V9 all in one delta; chunk \"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{"
            + "\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}],"
            + "\"content\":\"a\",\"reasoning\":\"r\"},\"finish_reason\":\"tool_calls\"}],"
            + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2} | done;"
            + " start thinking[ r ] text[ a ] tool_use[ {} ] tool_use stop"
      })
  void reasoningBecomesThinking(String name, String stream, String expected) {
    assertNotNull(name);
    StreamTable.overAllCuts(
        stream,
        transcript -> {
          assertNull(transcript.failure());
          assertEquals(expected, StreamTable.events(transcript.written()));
        });
  }

  @Test
  void aForeignSignatureIsPackedWithWhatGoesWithIt() {
    StreamTable.overAllCuts(
        "delta \"reasoning\":\"r\",\"reasoning_details\":[{\"text\":\"r\",\"index\":3}]"
            + " | delta \"reasoning_details\":[{\"text\":\"s\",\"index\":3}]"
            + " | delta \"reasoning_details\":[{\"type\":\"reasoning.text\","
            + "\"id\":\"q\\\"\",\"signature\":\"S\",\"format\":\"google-gemini-v1\",\"index\":3}]"
            + " | delta \"reasoning_details\":[{\"signature\":\"T\",\"index\":3}] | text a | done",
        transcript ->
            assertEquals(
                "{\"type\":\"reasoning.text\",\"id\":\"q\\\"\",\"text\":\"rs\",\"signature\":\"ST\","
                    + "\"format\":\"google-gemini-v1\",\"index\":3}",
                unpacked(transcript.written())));
  }

  @Test
  void encryptedReasoningIsPackedWholeAndWaitsForTheOpenCall() {
    String detail =
        "{\"type\":\"reasoning.encrypted\",\"data\":\"D\\u0001é\",\"id\":null,\"n\":[1.50,{}],"
            + "\"format\":\"openai-responses-v1\",\"index\":0}";
    StreamTable.overAllCuts(
        "call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}"
            + " | delta \"reasoning_details\":[" + detail + "]"
            + " | call {\"index\":0,\"function\":{\"arguments\":\"}\"}} | done",
        transcript -> {
          assertEquals(
              "start tool_use[ { } ] redacted_thinking[ ] tool_use stop",
              StreamTable.events(transcript.written()));
          assertEquals(detail, unpacked(transcript.written()));
        });
  }

  private static String unpacked(String written) {
    Matcher minted = MINTED.matcher(written);
    assertTrue(minted.find(), written);
    return Minted.unpack(minted.group()).orElseThrow();
  }
}
