package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.ForwardProxy;
import dev.ccr.proxy.config.TlsFiles;
import dev.ccr.proxy.config.Way;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Where connections go: connections to one origin can be used for each other's requests (RFC 9110,
 * section 4.3.1).
 *
 * @param tls whether the connection is encrypted
 * @param host a lower-case name or an address, IPv6 without brackets
 * @param port 1 to 65535
 * @param way how it is connected to; not shown, and not a part of any name
 */
public record Origin(boolean tls, String host, int port, Way way) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** An origin that is connected to straight. */
  public Origin(boolean tls, String host, int port) {
    this(tls, host, port, Way.DIRECT);
  }

  /** With what contexts of TLS it is connected to: none, its own, that of a proxy, or both. */
  public Set<TlsFiles> contexts() {
    Set<TlsFiles> contexts = new HashSet<>();
    if (tls) {
      contexts.add(way.tls());
    }
    ForwardProxy proxy = way.proxy();
    if (proxy != null && proxy.tls()) {
      contexts.add(way.tls().withoutCertificate());
    }
    return contexts;
  }

  /** The same origin, connected to in another way. */
  public Origin by(Way other) {
    return new Origin(tls, host, port, other);
  }

  /** The origin of an absolute http or https URL. */
  public static Origin of(URI url) {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = url.getPort() > 0 ? url.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
    return new Origin(tls, host, port);
  }

  /** The value of the {@code host} header: the port only where it is not the scheme's own. */
  public String hostHeader() {
    return port == (tls ? HTTPS_PORT : HTTP_PORT) ? name() : name() + ":" + port;
  }

  /** Host and port, as a proxy is asked for them (RFC 9110, section 9.3.6). */
  public String authority() {
    return name() + ":" + port;
  }

  private String name() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + hostHeader();
  }
}
