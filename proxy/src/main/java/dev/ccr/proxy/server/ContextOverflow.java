package dev.ccr.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of an upstream's error to see whether it says that the conversation is too long
 * for the model, and words that as the Claude API does. Owns what it collects.
 */
final class ContextOverflow {

  /** No error worth understanding is longer, in bytes. */
  private static final int MAX_BODY = 65_536;

  private static final int MAX_QUOTED = 500;

  /** OpenAI, vLLM and others: the limit comes first. */
  private static final Pattern LIMIT_FIRST =
      Pattern.compile(
          "maximum context length (?:is|of) (\\d+).{0,80}?(?:resulted in|requested|has) "
              + "(?:about )?(\\d+)",
          Pattern.DOTALL);

  /** Gemini: the count comes first. */
  private static final Pattern COUNT_FIRST =
      Pattern.compile(
          "input token count \\(?(\\d+)\\)? exceeds the maximum number of tokens allowed \\(?(\\d+)");

  private static final Pattern SOMEHOW =
      Pattern.compile("context_length_exceeded|maximum context length|exceeds the context window");

  private final ByteBuf body;

  ContextOverflow(ByteBufAllocator alloc) {
    body = alloc.buffer();
  }

  /** Adds the next bytes, borrowed; returns {@code false} if there are too many to judge. */
  boolean add(ByteBuf bytes) {
    body.writeBytes(bytes);
    return body.readableBytes() <= MAX_BODY;
  }

  /** The message for Claude Code, or {@code null} if it is another error. */
  @Nullable String message() {
    String text = body.toString(StandardCharsets.UTF_8);
    Matcher limitFirst = LIMIT_FIRST.matcher(text);
    if (limitFirst.find()) {
      return tooLong(limitFirst.group(2), limitFirst.group(1), text);
    }
    Matcher countFirst = COUNT_FIRST.matcher(text);
    if (countFirst.find()) {
      return tooLong(countFirst.group(1), countFirst.group(2), text);
    }
    return SOMEHOW.matcher(text).find() ? "prompt is too long: " + quoted(text) : null;
  }

  /** What was collected, given; nothing is owned any more. */
  ByteBuf take() {
    return body;
  }

  void discard() {
    body.release();
  }

  private static String tooLong(String count, String limit, String text) {
    return "prompt is too long: " + count + " tokens > " + limit + " maximum; the upstream said: "
        + quoted(text);
  }

  private static String quoted(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "...";
  }
}
