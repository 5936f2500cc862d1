package dev.ccr.proxy.config;

import org.jspecify.annotations.Nullable;

/**
 * What a provider says of the connections to it, for itself alone.
 *
 * @param direct whether no proxy is used for it, whatever others say
 * @param proxy the one that is, whatever others say; {@code null} if it leaves that to them
 * @param tls beyond what is trusted for all providers
 */
public record Outbound(boolean direct, @Nullable ForwardProxy proxy, TlsFiles tls) {

  /** Nothing. */
  public static final Outbound UNSAID = new Outbound(false, null, TlsFiles.NONE);
}
