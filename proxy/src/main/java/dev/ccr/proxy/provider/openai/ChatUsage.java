package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.model.Usage;

/** The {@code usage} object of a chunk, in the terms of its providers. */
final class ChatUsage {

  boolean isPresent;
  long promptTokens;
  long completionTokens;
  long totalTokens;
  long reasoningTokens;

  /** The largest figure of those that providers have for it. */
  private long cachedTokens;

  private long cacheWriteTokens;

  void clear() {
    isPresent = false;
    promptTokens = 0;
    completionTokens = 0;
    totalTokens = 0;
    reasoningTokens = 0;
    cachedTokens = 0;
    cacheWriteTokens = 0;
  }

  void cached(long tokens) {
    cachedTokens = Math.max(cachedTokens, tokens);
  }

  void cacheWrite(long tokens) {
    cacheWriteTokens = Math.max(cacheWriteTokens, tokens);
  }

  /** Claude's input tokens are those that were neither read from a cache nor written to one. */
  void copyTo(Usage usage) {
    usage.cacheReadTokens = cachedTokens;
    usage.cacheCreationTokens = cacheWriteTokens;
    usage.inputTokens = Math.max(0, less(less(promptTokens, cachedTokens), cacheWriteTokens));
    usage.outputTokens = Math.max(0, completionTokens);
    // xAI counts reasoning apart; with all others the completion holds it.
    if (reasoningTokens > 0
        && totalTokens > completionTokens
        && less(less(totalTokens, promptTokens), completionTokens) == reasoningTokens) {
      usage.outputTokens += reasoningTokens;
    }
  }

  /** The difference of two figures a peer has sent; what cannot be is nothing. */
  private static long less(long figure, long part) {
    return Math.max(0, figure) - Math.max(0, part);
  }
}
