package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.Transcript;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams that go wrong, or that say the usual in an unusual way, over all cuts. */
final class ChatStreamTest {

  private static final Pattern DATA = Pattern.compile("\"type\":\"([a-z_]+)\"");

  /** Short forms, so that a stream fits on one line of a table. */
  private static String expand(String stream) {
    return Arrays.stream(stream.split(" \\| ", -1))
        .map(
            event ->
                switch (event.strip().split(" ", 2)[0]) {
                  case "text" -> choice("{\"content\":\"" + rest(event) + "\"}", "null");
                  case "finish" -> choice("{}", "\"" + rest(event) + "\"");
                  case "call" -> choice("{\"tool_calls\":[" + rest(event) + "]}", "null");
                  case "raw" -> rest(event);
                  case "done" -> "data: [DONE]\n\n";
                  default -> throw new IllegalArgumentException(event);
                })
        .collect(Collectors.joining());
  }

  private static String choice(String delta, String finish) {
    return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta
        + ",\"finish_reason\":" + finish + "}]}\n\n";
  }

  private static String rest(String event) {
    return event.strip().split(" ", 2)[1].replace("\\n", "\n").replace("\\r", "\r");
  }

  /** The kinds of events written, one word each, and the stop reason. */
  private static String events(String written) {
    return written
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(ChatStreamTest::event)
        .collect(Collectors.joining(" "));
  }

  private static String event(String line) {
    List<String> types = DATA.matcher(line).results().map(r -> r.group(1)).toList();
    return switch (types.getFirst()) {
      case "message_start" -> "start";
      case "content_block_start" -> types.get(1) + "[";
      case "content_block_delta" -> line.replaceAll(".*(?:text|json|thinking)\":\"(.*)\"}}$", "$1");
      case "content_block_stop" -> "]";
      case "message_delta" -> line.replaceAll(".*stop_reason\":\"([a-z_]+)\".*", "$1");
      case "message_stop" -> "stop";
      default -> types.getFirst();
    };
  }

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
    byte[] body = expand(stream).getBytes(UTF_8);
    Cuts.of(body.length)
        .forEach(
            cut -> {
              Transcript transcript = Transcript.run(transcoder(), Cuts.cut(body, cut), true);
              assertNull(transcript.failure());
              assertEquals(expected, events(transcript.written()), () -> Arrays.toString(cut));
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
    byte[] body = expand(stream).getBytes(UTF_8);
    Cuts.of(body.length)
        .forEach(
            cut -> {
              Transcript transcript = Transcript.run(transcoder(), Cuts.cut(body, cut), true);
              Failure failure = transcript.failure();
              assertNotNull(failure, () -> name + " cut at " + Arrays.toString(cut));
              assertEquals(status, failure.status());
              assertTrue(failure.getMessage().contains(message), failure.getMessage());
              assertEquals(expected, events(transcript.written()), () -> Arrays.toString(cut));
            });
  }

  private static ChatStreamTranscoder transcoder() {
    return (ChatStreamTranscoder)
        new OpenAiCodec(ChatProfile.plain(), new Random(1))
            .open(new RequestFacts("requested", -1, -1, true), "requested")
            .openAnswer(true);
  }
}
