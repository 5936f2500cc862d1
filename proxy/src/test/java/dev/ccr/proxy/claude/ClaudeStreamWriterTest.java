package dev.ccr.proxy.claude;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.model.StopReason;
import dev.ccr.proxy.model.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls are words: {@code start text think tool input end stop}; {@code none} is empty text. */
final class ClaudeStreamWriterTest {

  private static final Pattern TYPE_AND_INDEX =
      Pattern.compile(
          "data: \\{\"type\":\"(?:content_block_|message_)(\\w+)\"(?:,\"index\":(\\d+))?");

  private final ByteBuf out = Unpooled.buffer();
  private final ClaudeStreamWriter writer = new ClaudeStreamWriter();

  private static Chars chars(String text) {
    Chars chars = new Chars();
    chars.append(text);
    return chars;
  }

  private void call(String words) {
    writer.into(out);
    List<String> calls = Arrays.asList(words.split(" ", -1));
    for (String word : calls) {
      switch (word) {
        case "start" -> writer.start("msg_1", "m");
        case "text" -> writer.text(chars("a"));
        case "none" -> writer.text(chars(""));
        case "think" -> writer.thinking(chars("b"));
        case "tool" -> writer.toolStart("toolu_1", "f");
        case "input" -> writer.toolInput(chars("{}"));
        case "end" -> writer.blockEnd();
        case "stop" -> writer.stop(StopReason.END_TURN, null, new Usage());
        default -> throw new AssertionError(word);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "start stop; start delta stop",
        "start text text stop; start start0 delta0 delta0 stop0 delta stop",
        "start none stop; start delta stop",
        "start think text stop;"
            + " start start0 delta0 stop0 start1 delta1 stop1 delta stop",
        "start text end text stop;"
            + " start start0 delta0 stop0 start1 delta1 stop1 delta stop",
        "start end end stop; start delta stop",
        "start tool input input tool stop;"
            + " start start0 delta0 delta0 stop0 start1 stop1 delta stop",
        "start text tool input text stop;"
            + " start start0 delta0 stop0 start1 delta1 stop1 start2 delta2 stop2 delta stop"
      })
  void blocksAreNumberedAndClosedBeforeTheNextOpens(String calls, String events) {
    call(calls);
    assertEquals(
        events,
        TYPE_AND_INDEX
            .matcher(out.toString(UTF_8))
            .results()
            .map(event -> event.group(1) + (event.group(2) == null ? "" : event.group(2)))
            .collect(Collectors.joining(" ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "think",
        "tool",
        "input",
        "stop",
        "start start",
        "start input",
        "start text input",
        "start tool end input",
        "start stop stop",
        "start stop start",
        "start stop text",
        "start stop think",
        "start stop tool",
        "start stop input"
      })
  void aCallOutOfTurnIsABug(String calls) {
    int last = calls.lastIndexOf(' ');
    if (last > 0) {
      assertDoesNotThrow(() -> call(calls.substring(0, last)));
    }
    String written = out.toString(UTF_8);
    assertThrows(IllegalStateException.class, () -> call(calls.substring(last + 1)));
    assertEquals(written, out.toString(UTF_8), "and nothing is written");
  }

  @Test
  void usageAndAStopSequenceEndTheMessage() {
    call("start");
    out.clear();
    Usage usage = new Usage();
    usage.inputTokens = 1;
    usage.outputTokens = 2;
    usage.cacheReadTokens = 3;
    usage.cacheCreationTokens = 4;
    writer.stop(StopReason.STOP_SEQUENCE, "\"", usage);
    assertEquals(
        """
        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"stop_sequence",\
        "stop_sequence":"\\""},"usage":{"input_tokens":1,"cache_creation_input_tokens":4,\
        "cache_read_input_tokens":3,"output_tokens":2}}

        event: message_stop
        data: {"type":"message_stop"}

        """,
        out.toString(UTF_8));
  }
}
