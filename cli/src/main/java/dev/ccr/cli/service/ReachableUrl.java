package dev.ccr.cli.service;

import dev.ccr.cli.terminal.Urls;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where a client on this machine reaches a router. */
final class ReachableUrl {

  private ReachableUrl() {}

  /** {@code http://host:port}; one that listens everywhere is reached by the loopback address. */
  static String of(InetSocketAddress listening) {
    if (!listening.getAddress().isAnyLocalAddress()) {
      return Urls.of(listening);
    }
    InetAddress loopback =
        InetAddress.ofLiteral(listening.getAddress().getAddress().length == 4 ? "127.0.0.1" : "::1");
    return Urls.of(new InetSocketAddress(loopback, listening.getPort()));
  }
}
