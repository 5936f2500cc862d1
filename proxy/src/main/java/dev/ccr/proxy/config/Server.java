package dev.ccr.proxy.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where clients reach the router.
 *
 * @param host the name or address to listen on, not blank
 * @param port 0 to 65535; 0 asks for any free port
 * @param apiKey what clients must present; may be empty
 * @param clientKeys more keys that they may present instead, each of a client with a name
 * @param tls where they reach it with TLS too, or {@code null}
 * @param unixSocket where else this machine reaches it, an absolute path, or {@code null}
 */
public record Server(
    String host,
    int port,
    Secret apiKey,
    List<ClientKeyConfig> clientKeys,
    @Nullable TlsListening tls,
    @Nullable Path unixSocket) {

  public Server {
    clientKeys = List.copyOf(clientKeys);
  }

  /** A server with one door, and keys of several clients. */
  Server(String host, int port, Secret apiKey, List<ClientKeyConfig> clientKeys) {
    this(host, port, apiKey, clientKeys, null, null);
  }

  /** A server with one door. */
  public Server(String host, int port, Secret apiKey) {
    this(host, port, apiKey, List.of());
  }

  /** Whether everybody is let in. */
  public boolean isOpen() {
    return apiKey.isEmpty() && clientKeys.isEmpty();
  }

  /**
   * Whether only this machine can reach the host: {@code localhost}, or an address in 127.0.0.0/8
   * or ::1. Looks no name up, so any other name counts as reachable.
   */
  public boolean isLoopback() {
    return isLoopback(host);
  }

  /** The same of any host. */
  public static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    boolean mayBeAddress =
        !host.isEmpty() && (host.indexOf(':') >= 0 || Character.isDigit(host.charAt(0)));
    try {
      return mayBeAddress && InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return false;
    }
  }
}
