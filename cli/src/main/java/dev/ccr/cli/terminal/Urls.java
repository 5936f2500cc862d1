package dev.ccr.cli.terminal;

import java.net.InetSocketAddress;

/** Addresses as a person types them. */
public final class Urls {

  private Urls() {}

  /** {@code http://host:port}; an IPv6 address stands in brackets. */
  public static String of(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
