package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.claude.MessageIds;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.StopReason;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Says a chat completion to a {@link ClaudeWriter}, chunk by chunk. A whole answer is one chunk:
 * both ways of answering go through here and so agree.
 */
final class ChatAnswer {

  private final ClaudeWriter writer;
  private final MessageIds ids;
  private final ToolCalls calls;
  private final String requestedModel;
  private final Usage usage = new Usage();
  private @Nullable String finishReason;
  private boolean stopped;

  /**
   * @param clientStreams whether the writer writes events: then what is written cannot be mended
   * @param requestedModel named in the answer if the upstream names none
   */
  ChatAnswer(
      ClaudeWriter writer, MessageIds ids, boolean clientStreams, String requestedModel) {
    this.writer = writer;
    this.ids = ids;
    this.calls = new ToolCalls(ids, !clientStreams);
    this.requestedModel = requestedModel;
  }

  Usage usage() {
    return usage;
  }

  boolean isStarted() {
    return writer.isStarted();
  }

  boolean isStopped() {
    return stopped;
  }

  /** Whether the upstream has said why it stopped: only then may its silence be an end. */
  boolean isFinished() {
    return finishReason != null;
  }

  /** Writes what a chunk says. */
  void add(ChatChunk chunk) throws UpstreamException {
    if (chunk.hasError) {
      throw error(chunk);
    }
    if (chunk.hasUsage) {
      read(chunk);
    }
    if (!chunk.hasChoice) {
      return; // usage alone, a filter's verdict, a sign of life
    }
    start(chunk.id, chunk.model);
    if (!chunk.content.isEmpty()) {
      calls.settle(writer);
      writer.text(chunk.content);
    }
    for (int i = 0; i < chunk.callCount(); i++) {
      calls.add(chunk.call(i), writer);
    }
    if (chunk.finishReason != null) {
      finishReason = chunk.finishReason;
      if (finishReason.equals("error")) {
        throw UpstreamException.badGateway("the upstream broke off with finish_reason error");
      }
    }
  }

  /** The upstream has said that it is done: closes the message. */
  void stop(ChatChunk last) throws UpstreamException {
    start(last.id, last.model);
    calls.settle(writer);
    StopReason reason = stopReason();
    if (calls.isBroken() && reason != StopReason.MAX_TOKENS) {
      throw UpstreamException.badGateway(
          "the upstream's tool arguments are not valid JSON (expected: one object)");
    }
    stopped = true;
    writer.stop(reason, null, usage);
  }

  private void start(String id, String model) {
    if (!writer.isStarted()) {
      writer.start(ids.messageId(id), model.isEmpty() ? requestedModel : model);
    }
  }

  private StopReason stopReason() {
    return switch (finishReason == null ? "" : finishReason) {
      case "length" -> StopReason.MAX_TOKENS;
      case "content_filter" -> StopReason.REFUSAL;
      default -> calls.isEmpty() ? StopReason.END_TURN : StopReason.TOOL_USE;
    };
  }

  /** Claude's input tokens are those that were neither read from a cache nor written to one. */
  private void read(ChatChunk chunk) {
    usage.cacheReadTokens = Math.max(0, chunk.cachedTokens);
    usage.cacheCreationTokens = Math.max(0, chunk.cacheWriteTokens);
    usage.inputTokens =
        Math.max(0, chunk.promptTokens - usage.cacheReadTokens - usage.cacheCreationTokens);
    usage.outputTokens = Math.max(0, chunk.completionTokens);
  }

  private static UpstreamException error(ChatChunk chunk) {
    int status = status(chunk.errorCode);
    String message =
        chunk.errorMessage.isEmpty() ? "the upstream reported an error" : chunk.errorMessage;
    return new UpstreamException(type(chunk, status), status, message);
  }

  private static ApiErrorType type(ChatChunk chunk, int status) {
    return switch (chunk.errorType.isEmpty() ? chunk.errorCode : chunk.errorType) {
      case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota" ->
          ApiErrorType.RATE_LIMIT;
      case "overloaded_error" -> ApiErrorType.OVERLOADED;
      default -> ApiErrorType.ofStatus(status);
    };
  }

  private static int status(String code) {
    if (code.length() != 3) {
      return 502;
    }
    try {
      int status = Integer.parseInt(code);
      return status >= 400 && status <= 599 ? status : 502;
    } catch (NumberFormatException e) {
      return 502;
    }
  }
}
