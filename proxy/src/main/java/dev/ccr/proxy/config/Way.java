package dev.ccr.proxy.config;

import org.jspecify.annotations.Nullable;

/**
 * How an upstream is connected to. Connections made in one way are not used for requests that ask
 * for another.
 *
 * @param proxy through which, or {@code null}
 */
public record Way(@Nullable ForwardProxy proxy) {

  /** Straight. */
  public static final Way DIRECT = new Way(null);
}
