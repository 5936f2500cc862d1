package dev.ccr.proxy.config;

import java.net.InetAddress;

/**
 * Where clients reach the router.
 *
 * @param host the name or address to listen on, not blank
 * @param port 0 to 65535; 0 asks for any free port
 * @param apiKey what clients must present; empty lets everybody in
 */
public record Server(String host, int port, Secret apiKey) {

  /**
   * Whether only this machine can reach the host: {@code localhost}, or an address in 127.0.0.0/8
   * or ::1. Looks no name up, so any other name counts as reachable.
   */
  public boolean isLoopback() {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return false;
    }
  }
}
