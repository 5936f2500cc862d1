package dev.ccr.proxy.provider.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Failure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams that go wrong, or that say the usual in an unusual way, over all cuts. */
final class ChatStreamTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a plain answer; text a | text b | finish stop | done; start text[ a b ] end_turn stop",
        "no DONE but a finish; text a | finish stop; start text[ a ] end_turn stop",
        "DONE without finish; text a | done; start text[ a ] end_turn stop",
        "DONE alone; done; start end_turn stop",
        "the last blank line is missing; text a | finish stop | raw data: [DONE];"
            + " start text[ a ] end_turn stop",
        "text after the finish; text a | finish stop | text b | done;"
            + " start text[ a b ] end_turn stop",
        "broken JSON behind the finish; text a | finish stop | raw data: {\"choices\":}\\n\\n | done;"
            + " start text[ a ] end_turn stop",
        "half an event behind the finish; text a | finish length | raw data: {\"choices\":\\n\\n;"
            + " start text[ a ] max_tokens stop",
        "a broken event behind a call; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{}\"}} | finish tool_calls | raw data: {\"usage\":{,}}\\n\\n;"
            + " start tool_use[ {} ] tool_use stop",
        "nothing counts behind DONE; text a | done | text b | raw data: {; "
            + "start text[ a ] end_turn stop",
        "length; text a | finish length | done; start text[ a ] max_tokens stop",
        "a filter; text a | finish content_filter | done; start text[ a ] refusal stop",
        "an unknown reason; text a | finish eos | done; start text[ a ] end_turn stop",
        "tool_calls without a call; text a | finish tool_calls | done;"
            + " start text[ a ] end_turn stop",
        "words as signs of life; raw data: keep-alive\\n\\n | text a | done;"
            + " start text[ a ] end_turn stop",
        "CR line ends; raw data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\\r\\r | done;"
            + " start text[ a ] end_turn stop",
        "no blank line between events; raw data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\\n"
            + " | text b | done; start text[ a b ] end_turn stop",
        "a chunk over two data lines; raw data: {\"choices\":[{\"delta\":\\ndata:"
            + " {\"content\":\"a\"}}]}\\n\\n | done; start text[ a ] end_turn stop",
        "Azure's first chunk; raw data: {\"model\":\"\",\"choices\":[]}\\n\\n | text a | done;"
            + " start text[ a ] end_turn stop",
        "another choice is not ours; raw data:"
            + " {\"choices\":[{\"delta\":{\"content\":\"b\"},\"index\":1}]}\\n\\n | text a | done;"
            + " start text[ a ] end_turn stop",
        "nulls mean nothing; raw data: {\"id\":null,\"usage\":null,\"choices\":[{\"index\":0,"
            + "\"delta\":{\"content\":null,\"tool_calls\":null},\"finish_reason\":null}]}\\n\\n"
            + " | text a | done; start text[ a ] end_turn stop",
        "one call; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}"
            + " | call {\"index\":0,\"function\":{\"arguments\":\"{}\"}} | finish tool_calls | done;"
            + " start tool_use[ {} ] tool_use stop",
        "finish stop with a call; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{}\"}} | finish stop | done; start tool_use[ {} ] tool_use stop",
        "no arguments at all; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\"}}"
            + " | finish tool_calls | done; start tool_use[ ] tool_use stop",
        "null as arguments; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"null\"}} | finish tool_calls | done;"
            + " start tool_use[ ] tool_use stop",
        "id and name in every chunk; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{\"}} | call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"}\"}} | done; start tool_use[ { } ] tool_use stop",
        "no index; call {\"id\":\"i\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}"
            + " | call {\"function\":{\"arguments\":\"}\"}} | call {\"id\":\"j\",\"function\":"
            + "{\"name\":\"g\",\"arguments\":\"{}\"}} | done;"
            + " start tool_use[ { } ] tool_use[ {} ] tool_use stop",
        "text after a call; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{}\"}} | text a | done;"
            + " start tool_use[ {} ] text[ a ] tool_use stop",
        "function_call of old; raw data: {\"choices\":[{\"delta\":{\"function_call\":{\"name\":"
            + "\"f\",\"arguments\":\"{}\"}},\"finish_reason\":\"function_call\"}]}\\n\\n | done;"
            + " start tool_use[ {} ] tool_use stop",
        "cut arguments at length; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{\"}} | finish length | done;"
            + " start tool_use[ { ] max_tokens stop"
      })
  void anUnusualStreamIsUnderstoodHoweverItIsCut(String name, String stream, String expected) {
    assertNotNull(name);
    StreamTable.overAllCuts(
        stream,
        transcript -> {
          assertNull(transcript.failure());
          assertEquals(expected, StreamTable.events(transcript.written()));
        });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a clean end without a finish; text a; start text[ a; 502; before it was complete",
        "an end inside an event; text a | raw data: {\"choices\":[{\"del; start text[ a; 502;"
            + " before it was complete",
        "nothing at all; raw :\\n\\n; ``; 502; before it was complete",
        "an event that ends inside its JSON; text a | raw data: {\"choices\":\\n\\n | text b | done;"
            + " start text[ a; 502; ends inside its JSON",
        "broken JSON; text a | raw data: {\"choices\":}\\n\\n | text b | done; start text[ a; 502;"
            + " cannot be read",
        "a comma too many; text a | raw data: {\"choices\":[], }\\n\\n | text b | done; start text[ a;"
            + " 502; cannot be read",
        "a broken event behind half a call; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":"
            + "\"f\",\"arguments\":\"{\"}} | finish tool_calls | raw data: {]\\n\\n;"
            + " start tool_use[ { ]; 502; not valid JSON",
        "an error behind the finish; text a | finish stop | raw data: {\"error\":\"gone\"}\\n\\n | done;"
            + " start text[ a; 502; gone",
        "an error first; raw data: {\"error\":{\"message\":\"slow down\",\"code\":429}}\\n\\n; ``;"
            + " 429; slow down",
        "an error later; text a | raw data: {\"error\":{\"message\":\"gone\",\"code\":502},"
            + "\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\\n\\n | done;"
            + " start text[ a; 502; gone",
        "an error as text; raw data: {\"error\":\"no luck\"}\\n\\n; ``; 502; no luck",
        "arguments that are no JSON; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{\"}} | finish tool_calls | done; start tool_use[ { ]; 502;"
            + " not valid JSON",
        "arguments that are no object; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"[1]\"}} | finish tool_calls | done; start tool_use[ ]; 502;"
            + " not valid JSON",
        "a call without a name; call {\"index\":0,\"id\":\"i\",\"function\":{\"arguments\":\"{}\"}}"
            + " | finish tool_calls | done; start; 502; without a name"
      })
  void aBrokenStreamNeverLooksFinished(
      String name, String stream, String expected, int status, String message) {
    assertNotNull(name);
    StreamTable.overAllCuts(
        stream,
        transcript -> {
          Failure failure = transcript.failure();
          assertNotNull(failure, name);
          assertEquals(status, failure.status());
          assertTrue(failure.getMessage().contains(message), failure.getMessage());
          assertEquals(expected, StreamTable.events(transcript.written()));
        });
  }
}
