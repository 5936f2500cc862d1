package dev.ccr.proxy.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says of proxies.
 *
 * @param https for upstreams with https URLs
 * @param http for those with http URLs
 * @param except hosts that no proxy is used for, {@code PROXY_URL} included
 */
public record ProxyVariables(
    @Nullable ForwardProxy https, @Nullable ForwardProxy http, NoProxy except) {

  static final ProxyVariables NONE = new ProxyVariables(null, null, NoProxy.NOBODY);

  /**
   * The proxy for a URL.
   *
   * @param configured the one of the configuration, which counts more
   * @return {@code null} if there is none, or it is not for that host
   */
  @Nullable ForwardProxy of(URI url, @Nullable ForwardProxy configured) {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    ForwardProxy proxy = configured == null ? (tls ? https : http) : configured;
    if (proxy == null) {
      return null;
    }
    int port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
    return except.matches(url.getHost(), port) ? null : proxy;
  }
}
