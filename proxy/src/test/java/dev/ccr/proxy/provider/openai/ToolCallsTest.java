package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.ccr.proxy.claude.ClaudeStreamWriter;
import dev.ccr.proxy.claude.MessageIds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream may make as many calls as it likes: each costs the same. */
final class ToolCallsTest {

  /** With work in the square of it this takes minutes, in proportion to it less than a second. */
  private static final int CALLS = 200_000;

  private static final int PIECES = 1_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ByteBuf out = Unpooled.buffer();
  private final ClaudeStreamWriter writer = new ClaudeStreamWriter();
  private final ToolCalls calls =
      new ToolCalls(new MessageIds(new Random(1)), new ToolNames(), false);

  @ParameterizedTest
  @ValueSource(strings = {"ids", "indices", "ids and indices"})
  void aCallCostsTheSameHoweverManyWereBefore(String keys) {
    writer.into(out);
    writer.start("msg_1", "m");
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          for (int i = 0; i < CALLS; i++) {
            add(keys, i, "f", "{");
          }
          for (int i = 0; i < CALLS; i++) {
            add(keys, i, "", "}");
            calls.beside(to -> {}, writer); // asks whether a call is under way
          }
          calls.settle(writer);
        });
    assertFalse(calls.isBroken());
  }

  @Test
  void aNameCostsNoMoreThanItsLengthHoweverManyItsPieces() {
    writer.into(out);
    writer.start("msg_1", "m");
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          for (int i = 0; i < PIECES; i++) {
            add("indices", 0, i % 2 == 0 ? "ab" : "cd", "");
          }
          calls.settle(writer);
        });
    String start = "\"name\":\"";
    String written = out.toString(US_ASCII);
    int name = written.indexOf(start) + start.length();
    assertEquals(2 * PIECES, written.indexOf('"', name) - name);
  }

  private void add(String keys, int i, String name, String arguments) {
    ChatChunk.CallDelta delta = new ChatChunk().addCall(keys.contains("indices") ? i : -1);
    delta.id = keys.contains("ids") ? "call_" + i : "";
    delta.name = name;
    delta.arguments.append(arguments);
    calls.add(delta, writer);
  }
}
