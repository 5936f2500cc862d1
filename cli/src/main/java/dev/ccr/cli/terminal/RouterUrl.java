package dev.ccr.cli.terminal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Where clients on this machine reach a router; prints as a URL.
 *
 * @param host a name, or an address without brackets
 */
public record RouterUrl(String host, int port) {

  /** A router that listens on an address, be it on all of them. */
  public static RouterUrl of(InetSocketAddress address) {
    return new RouterUrl(reached(address.getAddress()), address.getPort());
  }

  /**
   * A router that listens on a host. A name stays as it is and is not looked up.
   *
   * @param host as the configuration has it
   */
  public static RouterUrl of(String host, int port) {
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      return new RouterUrl(address.isAnyLocalAddress() ? reached(address) : host, port);
    } catch (IllegalArgumentException name) {
      return new RouterUrl(host, port);
    }
  }

  /** Reads what {@link #toString} wrote. */
  public static RouterUrl parse(String url) {
    URI uri = URI.create(url);
    String host = uri.getHost();
    if (host == null || uri.getPort() < 0) {
      throw new IllegalArgumentException(url + " (expected: http://host:port)");
    }
    boolean bracketed = host.startsWith("[");
    return new RouterUrl(
        bracketed ? host.substring(1, host.length() - 1) : host, uri.getPort());
  }

  private static String reached(InetAddress address) {
    if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
      String text = address.getHostAddress();
      return text.indexOf(':') >= 0 ? "::1" : text.startsWith("127.") ? text : "127.0.0.1";
    }
    return address.getHostAddress();
  }

  @Override
  public String toString() {
    return "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
