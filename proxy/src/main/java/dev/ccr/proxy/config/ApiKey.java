package dev.ccr.proxy.config;

/**
 * One of a provider's keys.
 *
 * @param weight how often it has its turn beside the others, 1 to 100
 */
public record ApiKey(Secret secret, int weight) {

  /** As often as any other. */
  public static final int USUAL_WEIGHT = 1;

  /** A key like any other. */
  public static ApiKey of(Secret secret) {
    return new ApiKey(secret, USUAL_WEIGHT);
  }
}
