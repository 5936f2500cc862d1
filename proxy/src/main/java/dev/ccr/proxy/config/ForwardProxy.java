package dev.ccr.proxy.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between the router and its upstreams. Prints without what opens it; equal to another
 * that is the same whatever names them.
 *
 * @param key what names it: a key of the configuration, or a variable of the environment
 * @param url an http or https URL without user information
 * @param credentials {@code user:password}, decoded, or none
 * @param configured the whole of the URL as it was given
 */
public record ForwardProxy(String key, URI url, Secret credentials, Secret configured) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** Whether the way to the proxy itself is encrypted. */
  public boolean tls() {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  /** A name or an address, IPv6 without brackets. */
  public String host() {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** 1 to 65535. */
  public int port() {
    return url.getPort() > 0 ? url.getPort() : tls() ? HTTPS_PORT : HTTP_PORT;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ForwardProxy that
        && url.equals(that.url)
        && credentials.equals(that.credentials)
        && configured.equals(that.configured);
  }

  @Override
  public int hashCode() {
    return url.hashCode();
  }

  /** As messages name it: its URL. */
  @Override
  public String toString() {
    return url.toString();
  }
}
