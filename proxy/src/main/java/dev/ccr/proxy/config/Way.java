package dev.ccr.proxy.config;

import org.jspecify.annotations.Nullable;

/**
 * How an upstream is connected to. Connections made in one way are not used for requests that ask
 * for another.
 *
 * @param proxy through which, or {@code null}
 * @param tls for upstreams with https URLs
 */
public record Way(@Nullable ForwardProxy proxy, TlsFiles tls) {

  /** Straight, as the JVM trusts. */
  public static final Way DIRECT = new Way(null, TlsFiles.NONE);
}
