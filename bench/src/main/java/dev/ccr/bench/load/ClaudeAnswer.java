package dev.ccr.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.testing.Grammar;
import dev.ccr.proxy.testing.JsonTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Proves that what the router made of an answer is right: all of its text or calls, in as many
 * deltas, to the end. Then that answer is the measure of all that follow. Safe for any thread.
 */
final class ClaudeAnswer {

  private static final Pattern DATA = Pattern.compile("(?m)^data: (.*)$");
  private static final Pattern TIME =
      Pattern.compile(Answer.STAMP + "[0-9]{" + Answer.STAMP_DIGITS + "}");

  private ClaudeAnswer() {}

  /**
   * Proves it.
   *
   * @param body of the router's answer
   * @throws IOException saying what is wrong
   */
  static void check(byte[] body, Answer answer) throws IOException {
    String text = TIME.matcher(new String(body, UTF_8)).replaceAll(stamp(0));
    List<String> blocks = new ArrayList<>();
    int deltas = answer.isStream() ? stream(text, blocks) : message(text, blocks);
    boolean tools = answer.kind == Answer.Kind.TOOLS;
    // Announcing a call is a delta in OpenAI's format, and the start of a block in Claude's.
    int expected = tools ? answer.deltas - Answer.CALLS : answer.deltas;
    List<String> all = new ArrayList<>();
    for (int i = 0; i < (tools ? Answer.CALLS : 1); i++) {
      all.add(answer.content(i));
    }
    if (deltas != expected || !blocks.equals(all)) {
      throw new IOException(
          "answer " + answer.path() + ": " + deltas + " deltas, blocks " + blocks + " (expected: "
              + expected + ", " + all + ")");
    }
  }

  /** A time as it stands in an answer. */
  static String stamp(long nanos) {
    String digits = Long.toString(nanos);
    return Answer.STAMP + "0".repeat(Answer.STAMP_DIGITS - digits.length()) + digits;
  }

  private static int stream(String text, List<String> blocks) throws IOException {
    try {
      Grammar.check(text);
    } catch (AssertionError e) {
      throw new IOException("not a stream of Claude's: " + e.getMessage() + ": " + text, e);
    }
    if (!text.endsWith("data: {\"type\":\"message_stop\"}\n\n")) {
      throw new IOException("a stream without its end: " + text);
    }
    int deltas = 0;
    StringBuilder block = new StringBuilder();
    for (Matcher data = DATA.matcher(text); data.find(); ) {
      Map<?, ?> event = object(JsonTree.parse(data.group(1)).orElse(""));
      if ("content_block_delta".equals(event.get("type"))) {
        Map<?, ?> delta = object(event.get("delta"));
        block.append(delta.get("text_delta".equals(delta.get("type")) ? "text" : "partial_json"));
        deltas++;
      } else if ("content_block_stop".equals(event.get("type"))) {
        blocks.add(block.toString());
        block.setLength(0);
      }
    }
    return deltas;
  }

  private static int message(String text, List<String> blocks) throws IOException {
    Map<?, ?> message = object(JsonTree.parse(text).orElse(""));
    if (!"end_turn".equals(message.get("stop_reason"))
        || !(message.get("content") instanceof List<?> content)) {
      throw new IOException("not a message of Claude's: " + text);
    }
    for (Object block : content) {
      blocks.add(String.valueOf(object(block).get("text")));
    }
    return content.size();
  }

  private static Map<?, ?> object(@Nullable Object value)
      throws IOException {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IOException("not an object: " + value);
  }
}
