package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.Chars;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code chat.completion.chunk}, or one whole {@code chat.completion}, says. Used again
 * for every chunk, since the parts have to be known before any is translated: they come in any
 * order.
 */
final class ChatChunk {

  /** A fragment of a tool call. */
  static final class CallDelta {
    /** The call's number, or -1 if the upstream gives none. */
    int index;

    String id = "";
    String name = "";
    final Chars arguments = new Chars();

    private void clear() {
      index = -1;
      id = "";
      name = "";
      arguments.clear();
    }
  }

  /** Kept from the first chunk that has them: they are the same in all. */
  String id = "";

  String model = "";

  boolean hasChoice;

  /** The current choice's number; only 0 is ever asked for. */
  long choiceIndex;

  final Chars content = new Chars();
  @Nullable String finishReason;

  private final List<CallDelta> callDeltas = new ArrayList<>();
  private int callCount;

  boolean hasUsage;
  long promptTokens;
  long completionTokens;
  long cachedTokens;
  long cacheWriteTokens;

  boolean hasError;
  String errorMessage = "";
  String errorCode = "";
  String errorType = "";

  /** Forgets everything but what is the same in all chunks. */
  void clear() {
    clearChoice();
    hasUsage = false;
    promptTokens = 0;
    completionTokens = 0;
    cachedTokens = 0;
    cacheWriteTokens = 0;
    hasError = false;
    errorMessage = "";
    errorCode = "";
    errorType = "";
  }

  void clearChoice() {
    hasChoice = false;
    choiceIndex = 0;
    content.clear();
    finishReason = null;
    callCount = 0;
  }

  int callCount() {
    return callCount;
  }

  CallDelta call(int i) {
    return callDeltas.get(i);
  }

  CallDelta addCall() {
    if (callCount == callDeltas.size()) {
      callDeltas.add(new CallDelta());
    }
    CallDelta call = callDeltas.get(callCount++);
    call.clear();
    return call;
  }

  CallDelta lastCall() {
    return callDeltas.get(callCount - 1);
  }
}
