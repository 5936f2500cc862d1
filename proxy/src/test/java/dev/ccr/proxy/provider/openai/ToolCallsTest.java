package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.claude.ClaudeStreamWriter;
import dev.ccr.proxy.claude.MessageIds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream may make as many calls as it likes: each costs the same. */
final class ToolCallsTest {

  private static final int CALLS = 100_000;
  private static final int PIECES = 1_000_000;

  /**
   * In processor time, so that a busy machine does not matter. Work in proportion to the figures
   * above takes less than a second, in the square of them a minute or more.
   */
  private static final long LIMIT_NANOS = Duration.ofSeconds(8).toNanos();

  private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
  private final long begin = clock.getCurrentThreadCpuTime();
  private final ChatChunk chunk = new ChatChunk();
  private final ByteBuf out = Unpooled.buffer();
  private final ClaudeStreamWriter writer = new ClaudeStreamWriter();
  private final ToolCalls calls =
      new ToolCalls(new MessageIds(new Random(1)), new ToolNames(), false);

  @ParameterizedTest
  @ValueSource(strings = {"ids", "indices", "ids and indices"})
  void aCallCostsTheSameHoweverManyWereBefore(String keys) throws Exception {
    writer.into(out);
    writer.start("msg_1", "m");
    for (int i = 0; i < CALLS; i++) {
      add(keys, i, "f", "{");
    }
    for (int i = 0; i < CALLS; i++) {
      add(keys, i, "", "}");
      calls.beside(to -> {}, writer); // asks whether a call is under way
    }
    calls.settle(writer);
    assertFalse(calls.isBroken());
  }

  @Test
  void aNameCostsNoMoreThanItsLengthHoweverManyItsPieces() throws Exception {
    writer.into(out);
    writer.start("msg_1", "m");
    for (int i = 0; i < PIECES; i++) {
      add("indices", 0, i % 2 == 0 ? "ab" : "cd", "");
    }
    calls.settle(writer);
    String start = "\"name\":\"";
    String written = out.toString(US_ASCII);
    int name = written.indexOf(start) + start.length();
    assertEquals(2 * PIECES, written.indexOf('"', name) - name);
  }

  private void add(String keys, int i, String name, String arguments) {
    assertTrue(clock.getCurrentThreadCpuTime() - begin < LIMIT_NANOS, "too slow at " + i);
    chunk.clear();
    ChatChunk.CallDelta delta = chunk.addCall(keys.contains("indices") ? i : -1);
    delta.id = keys.contains("ids") ? "call_" + i : "";
    delta.name = name;
    delta.arguments.append(arguments);
    calls.add(delta, writer);
  }
}
