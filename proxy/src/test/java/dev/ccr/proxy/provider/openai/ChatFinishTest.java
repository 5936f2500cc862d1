package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.Usage;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.testing.Transcript;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How answers end: reasons, figures and errors in the words of many providers. */
final class ChatFinishTest {

  private static final String CALL =
      "call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}} | ";

  @ParameterizedTest(name = "{0}, {1} -> {3}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "stop; refusal; false; refusal; null",
        "stop; pause_turn; false; pause_turn; null",
        "stop; pause_turn; true; tool_use; null",
        "stop; model_context_window_exceeded; false; model_context_window_exceeded; null",
        "length; model_context_window_exceeded; true; model_context_window_exceeded; null",
        "stop; SAFETY; false; refusal; null",
        "stop; PROHIBITED_CONTENT; true; refusal; null",
        "stop; STOP; false; end_turn; null",
        "stop; stop_sequence; false; stop_sequence; null",
        "length; MAX_TOKENS; true; max_tokens; null",
        "tool_calls; tool_use; true; tool_use; null",
        "tool_calls; tool_use; false; end_turn; null",
        "content_filter; ``; true; refusal; null",
        "stop; ``\",\"stop_reason\":\"END; false; stop_sequence; \"END\"",
        "stop; ``\",\"stop_reason\":\"END; true; tool_use; null",
        "stop; ``\",\"stop_reason\":\"end_turn; false; end_turn; null",
        "length; ``\",\"stop_reason\":\"END; false; max_tokens; null"
      })
  void theProvidersOwnReasonRefinesTheReason(
      String reason, String nativeReason, boolean withCall, String expected, String sequence) {
    String choice =
        "chunk \"choices\":[{\"delta\":{},\"finish_reason\":\"" + reason
            + "\",\"native_finish_reason\":\"" + nativeReason.replace("``", "") + "\"}]";
    Transcript transcript = run((withCall ? CALL : "text a | ") + choice + " | done");
    assertNull(transcript.failure());
    assertTrue(
        transcript.written().contains(
            "{\"stop_reason\":\"" + expected + "\",\"stop_sequence\":" + sequence + "}"),
        transcript.written());
    StreamTable.checkGrammar(transcript);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a refusal alone; delta \"refusal\":\"no\" | finish stop | done;"
            + " start text[ no ] refusal stop",
        "text and refusal; delta \"refusal\":\"no\",\"content\":\"a\" | finish stop | done;"
            + " start text[ ano ] refusal stop",
        "no refusal; delta \"refusal\":\"\",\"content\":\"a\" | delta \"refusal\":null | finish stop"
            + " | done; start text[ a ] end_turn stop",
        "content in parts; delta \"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"text\":\"b\"}]"
            + " | delta \"content\":[] | done; start text[ ab ] end_turn stop",
        "arguments as an object; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":{\"a\":[1.50,-0,1e5,12345678901234567890,null,true],\"b\":{}}}}"
            + " | done; start tool_use[ {\\\"a\\\":[1.50,-0,1e5,12345678901234567890,null,true],"
            + "\\\"b\\\":{}} ] tool_use stop",
        "an empty object; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":{}}} | done; start tool_use[ {} ] tool_use stop"
      })
  void refusalsPartsAndObjectsAreUnderstood(String name, String stream, String expected) {
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
        "V11 cached; \"prompt_tokens\":10339,\"completion_tokens\":60,\"prompt_tokens_details\":"
            + "{\"cached_tokens\":10318}; 21; 10318; 0; 60",
        "V11 written; \"prompt_tokens\":194,\"completion_tokens\":2,\"prompt_tokens_details\":"
            + "{\"cached_tokens\":0,\"cache_write_tokens\":100}; 94; 0; 100; 2",
        "V11 more cached than there was; \"prompt_tokens\":5,\"completion_tokens\":1,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":9}; 0; 9; 0; 1",
        "DeepSeek; \"prompt_tokens\":30,\"completion_tokens\":1,\"prompt_cache_hit_tokens\":20,"
            + "\"prompt_cache_miss_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":20};"
            + " 10; 20; 0; 1",
        "Moonshot; \"prompt_tokens\":30,\"completion_tokens\":1,\"cached_tokens\":20; 10; 20; 0; 1",
        "LiteLLM; \"prompt_tokens\":30,\"completion_tokens\":1,\"cache_creation_input_tokens\":5,"
            + "\"cache_read_input_tokens\":20; 5; 20; 5; 1",
        "xAI; \"prompt_tokens\":32,\"completion_tokens\":9,\"total_tokens\":135,"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":94}; 32; 0; 0; 103",
        "OpenAI; \"prompt_tokens\":32,\"completion_tokens\":103,\"total_tokens\":135,"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":94}; 32; 0; 0; 103",
        "nonsense; \"prompt_tokens\":-1,\"completion_tokens\":1e99,\"total_tokens\":-1e99,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":-5}; 0; 0; 0; 9223372036854775807"
      })
  void figuresAreClaudes(
      String name, String usage, long input, long cacheRead, long cacheCreation, long output) {
    assertNotNull(name);
    StreamTranscoder transcoder = StreamTable.transcoder();
    String stream = "chunk \"choices\":[],\"usage\":{" + usage + "} | text a | finish stop | done";
    byte[] body = StreamTable.expand(stream).getBytes(UTF_8);
    StreamTable.checkGrammar(Transcript.run(transcoder, List.of(body), true));
    Usage figures = transcoder.usage();
    assertEquals(input, figures.inputTokens);
    assertEquals(cacheRead, figures.cacheReadTokens);
    assertEquals(cacheCreation, figures.cacheCreationTokens);
    assertEquals(output, figures.outputTokens);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "vLLM; chunk \"object\":\"error\",\"message\":\"too long\",\"type\":\"BadRequestError\","
            + "\"param\":null,\"code\":400; INVALID_REQUEST; 400; too long",
        "an error event; raw event: error\\ndata: {\"message\":\"gone\"}\\n\\n; API; 502; gone",
        "OpenRouter; chunk \"error\":{\"code\":429,\"message\":\"Provider returned error\","
            + "\"metadata\":{\"raw\":\"slow down\",\"provider_name\":\"Acme\"}};"
            + " RATE_LIMIT; 429; Provider returned error (Acme): slow down",
        "V16 an error and choices; chunk \"error\":{\"code\":502,\"message\":\"m\"},\"choices\":["
            + "{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]; API; 502; m",
        "OpenAI; chunk \"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":null};"
            + " API; 502; m",
        "billing; chunk \"error\":{\"message\":\"m\",\"code\":402}; BILLING; 402; m",
        "overloaded; chunk \"error\":{\"message\":\"m\",\"code\":\"529\"}; OVERLOADED; 529; m",
        "finish error; chunk \"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]; API; 502;"
            + " the upstream broke off with finish_reason error",
        "a call the model garbled; chunk \"choices\":[{\"delta\":{},\"finish_reason\":\"stop\","
            + "\"native_finish_reason\":\"MALFORMED_FUNCTION_CALL\"}]; API; 502;"
            + " the upstream's model made a malformed tool call"
      })
  void errorsKeepWhatTheUpstreamSays(
      String name, String stream, ApiErrorType type, int status, String message) {
    assertNotNull(name);
    for (String before : new String[] {"", "text a | "}) { // V12
      Transcript transcript = run(before + stream + " | text b | done");
      Failure failure = transcript.failure();
      assertNotNull(failure);
      assertEquals(type, failure.type());
      assertEquals(status, failure.status());
      assertEquals(message, failure.getMessage());
      StreamTable.checkGrammar(transcript);
    }
  }

  private static Transcript run(String stream) {
    byte[] body = StreamTable.expand(stream).getBytes(UTF_8);
    return Transcript.run(StreamTable.transcoder(), List.of(body), true);
  }
}
