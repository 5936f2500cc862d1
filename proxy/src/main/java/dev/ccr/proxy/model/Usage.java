package dev.ccr.proxy.model;

/**
 * Token figures of one message in Claude's terms: cached tokens are not part of {@link
 * #inputTokens}. One object an exchange, overwritten as figures arrive; not thread-safe.
 */
public final class Usage {
  public long inputTokens;
  public long outputTokens;
  public long cacheReadTokens;
  public long cacheCreationTokens;
}
