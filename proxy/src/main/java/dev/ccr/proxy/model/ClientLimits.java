package dev.ccr.proxy.model;

/**
 * How much one client may ask for; 0 stands for no bound.
 *
 * @param requestsPerMinute messages that may be asked for, on average over a minute
 * @param tokensPerMinute tokens of requests and answers together, likewise
 * @param concurrent requests that may be under way at once
 */
public record ClientLimits(int requestsPerMinute, int tokensPerMinute, int concurrent) {

  /** No bounds. */
  public static final ClientLimits NONE = new ClientLimits(0, 0, 0);
}
