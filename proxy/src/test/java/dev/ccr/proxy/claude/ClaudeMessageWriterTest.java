package dev.ccr.proxy.claude;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.model.StopReason;
import dev.ccr.proxy.model.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClaudeMessageWriterTest {

  private final ByteBuf out = Unpooled.buffer();
  private final ClaudeMessageWriter writer = new ClaudeMessageWriter();

  private static Chars chars(String text) {
    Chars chars = new Chars();
    chars.append(text);
    return chars;
  }

  private void start() {
    writer.into(out);
    writer.start("msg_1", "m");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "whole; {\"a\":1}; {\"a\":1}",
        "in pieces; {\"a|\":\"|x\\|\"\"|}; {\"a\":\"x\\\"\"}",
        "spaced; ` { } `; ` { } `",
        "none; ``; {}",
        "blank; ` |\n`; {}",
        "cut short; {\"a\":|\"x; {\"raw_arguments\":\"{\\\"a\\\":\\\"x\"}",
        "an array; [1]; {\"raw_arguments\":\"[1]\"}",
        "a string; \"x\"; {\"raw_arguments\":\"\\\"x\\\"\"}",
        "no JSON; x=1; {\"raw_arguments\":\"x=1\"}",
        "two objects; {}{}; {\"raw_arguments\":\"{}{}\"}",
        "a trailing comma; {\"a\":1,}; {\"raw_arguments\":\"{\\\"a\\\":1,}\"}",
        "a raw line end; `{\"a\":\"\n\"}`; {\"raw_arguments\":\"{\\\"a\\\":\\\"\\n\\\"}\"}"
      })
  void toolInputThatIsNoObjectIsWrappedInOne(String name, String pieces, String input) {
    start();
    writer.toolStart("toolu_1", "f");
    out.clear();
    for (String piece : pieces.split("\\|", -1)) {
      writer.toolInput(chars(piece));
    }
    writer.blockEnd();
    assertEquals(input + "}", out.toString(UTF_8));
  }

  @Test
  void theInputOfOneCallDoesNotReachTheNext() {
    start();
    writer.toolStart("toolu_1", "f");
    writer.toolInput(chars("{\"broken"));
    writer.toolStart("toolu_2", "g");
    writer.toolInput(chars("{}"));
    out.clear();
    writer.blockEnd();
    assertEquals("{}}", out.toString(UTF_8));
  }

  @Test
  void aMessageIsOneObject() {
    start();
    writer.thinking(chars("t"));
    writer.text(chars("a"));
    writer.text(chars("\n"));
    writer.toolStart("toolu_1", "f");
    writer.stop(StopReason.TOOL_USE, null, new Usage());
    assertEquals(
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[\
        {"type":"thinking","thinking":"t","signature":""},\
        {"type":"text","text":"a\\n"},\
        {"type":"tool_use","id":"toolu_1","name":"f","input":{}}],\
        "stop_reason":"tool_use","stop_sequence":null,\
        "usage":{"input_tokens":0,"cache_creation_input_tokens":0,\
        "cache_read_input_tokens":0,"output_tokens":0}}""",
        out.toString(UTF_8));
  }

  @Test
  void contentBeforeTheStartIsABug() {
    assertThrows(IllegalStateException.class, () -> writer.text(chars("a")));
  }

  @Test
  void inputWithoutACallIsABug() {
    start();
    assertThrows(IllegalStateException.class, () -> writer.toolInput(chars("{}")));
  }
}
