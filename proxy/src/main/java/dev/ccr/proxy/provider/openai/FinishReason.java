package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.model.StopReason;
import dev.ccr.proxy.model.UpstreamException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Why an answer stopped, gathered from what its chunks say about that. */
final class FinishReason {

  private @Nullable String reason;

  /** The word of the provider behind the upstream; it refines the reason. */
  private String nativeReason = "";

  private String stopSequence = "";
  private boolean refused;

  boolean isKnown() {
    return reason != null;
  }

  /** The model has said why it will not answer. */
  void refused() {
    refused = true;
  }

  /**
   * Takes what a chunk says.
   *
   * @throws UpstreamException if that is an error
   */
  void add(ChatChunk chunk) throws UpstreamException {
    if (!chunk.nativeFinishReason.isEmpty()) {
      nativeReason = chunk.nativeFinishReason;
    }
    if (!isWordForReason(chunk.stopReason)) {
      stopSequence = chunk.stopReason;
    }
    if (chunk.finishReason != null) {
      reason = chunk.finishReason;
    }
    if (nativeReason.equals("MALFORMED_FUNCTION_CALL")) {
      throw UpstreamException.badGateway("the upstream's model made a malformed tool call");
    }
    if (reason != null && reason.equals("error")) {
      throw UpstreamException.badGateway("the upstream broke off with finish_reason error");
    }
  }

  StopReason stopReason(boolean hasCalls) {
    return switch (reason == null ? "" : reason) {
      case "length" ->
          nativeReason.equals("model_context_window_exceeded")
              ? StopReason.CONTEXT_WINDOW_EXCEEDED
              : StopReason.MAX_TOKENS;
      case "content_filter" -> StopReason.REFUSAL;
      case "tool_calls", "function_call" -> refined(hasCalls, false);
      default -> refined(hasCalls, refused);
    };
  }

  /** The stop sequence that matched, if the upstream has told it. */
  @Nullable String stopSequence() {
    return stopSequence.isEmpty() ? null : stopSequence;
  }

  /** Whether a proxy that talks to Claude put its reason where vLLM has the sequence. */
  private static boolean isWordForReason(String word) {
    return word.isEmpty()
        || word.equals("stop")
        || Arrays.stream(StopReason.values()).anyMatch(known -> known.wireName().equals(word));
  }

  private StopReason refined(boolean hasCalls, boolean refusal) {
    return switch (nativeReason) {
      case "refusal", "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION",
          "IMAGE_SAFETY", "LANGUAGE" -> StopReason.REFUSAL;
      case "model_context_window_exceeded" -> StopReason.CONTEXT_WINDOW_EXCEEDED;
      default -> {
        if (refusal) {
          yield StopReason.REFUSAL;
        }
        if (hasCalls) {
          yield StopReason.TOOL_USE;
        }
        yield switch (nativeReason) {
          case "pause_turn" -> StopReason.PAUSE_TURN;
          case "stop_sequence" -> StopReason.STOP_SEQUENCE;
          default ->
              stopSequence.isEmpty() ? StopReason.END_TURN : StopReason.STOP_SEQUENCE;
        };
      }
    };
  }
}
