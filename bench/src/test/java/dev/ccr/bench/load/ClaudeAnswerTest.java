package dev.ccr.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClaudeAnswerTest {

  private static final String DELTA =
      "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":%d,"
          + "\"delta\":{\"type\":\"%s\",\"%s\":\"%s\"}}\n\n";

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"TEXT50", "TOOLS200", "PACED20"})
  void wholeStreamsAreRight(Answer answer) throws Exception {
    ClaudeAnswer.check(stream(answer).getBytes(UTF_8), answer);
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"TEXT50", "TOOLS200", "PACED20"})
  void aStreamThatLacksADeltaIsWrong(Answer answer) {
    String stream = stream(answer);
    int from = stream.indexOf("event: content_block_delta", stream.length() / 2);
    int to = stream.indexOf("event: ", from + 1);
    String broken = stream.substring(0, from) + stream.substring(to);
    assertThrows(
        IOException.class, () -> ClaudeAnswer.check(broken.getBytes(UTF_8), answer), broken);
  }

  @ParameterizedTest
  @CsvSource({
    "w0007, w0070", // another text, as long
    "w0007, w0007x",
    "message_stop, message_end",
    "text_delta, thinking_delta",
    "end_turn, tool_use",
  })
  void aStreamThatSaysSomethingElseIsWrong(String right, String wrong) {
    String broken = stream(Answer.TEXT50).replace(right, wrong);
    assertThrows(
        IOException.class,
        () -> ClaudeAnswer.check(broken.getBytes(UTF_8), Answer.TEXT50),
        broken);
  }

  /** As the Claude API would send it. */
  private static String stream(Answer answer) {
    boolean tools = answer.kind == Answer.Kind.TOOLS;
    StringBuilder all = new StringBuilder();
    all.append("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{")
        .append("\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",")
        .append("\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,")
        .append("\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}}\n\n");
    int blocks = tools ? Answer.CALLS : 1;
    for (int block = 0; block < blocks; block++) {
      all.append("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":")
          .append(block).append(",\"content_block\":")
          .append(
              tools
                  ? "{\"type\":\"tool_use\",\"id\":\"call_" + block
                      + "\",\"name\":\"read\",\"input\":{}}"
                  : "{\"type\":\"text\",\"text\":\"\"}")
          .append("}\n\n");
      deltas(all, answer, block);
      all.append("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":")
          .append(block).append("}\n\n");
    }
    return all.append("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{")
        .append("\"stop_reason\":\"").append(tools ? "tool_use" : "end_turn")
        .append("\",\"stop_sequence\":null},")
        .append("\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}\n\n")
        .append("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
        .toString();
  }

  private static void deltas(StringBuilder all, Answer answer, int block) {
    if (answer.kind != Answer.Kind.TOOLS) {
      for (int i = 0; i < answer.deltas; i++) {
        all.append(DELTA.formatted(block, "text_delta", "text", answer.text(i)));
      }
      return;
    }
    int count = answer.deltas / Answer.CALLS - 1;
    String input = answer.content(block);
    for (int i = 0; i < count; i++) { // in as many pieces, cut elsewhere
      String piece =
          input.substring(input.length() * i / count, input.length() * (i + 1) / count);
      all.append(
          DELTA.formatted(block, "input_json_delta", "partial_json", piece.replace("\"", "\\\"")));
    }
  }
}
