package dev.ccr.proxy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A second door, where clients speak TLS.
 *
 * @param certificate a PEM file, absolute: the router's certificate, and those up to a root
 * @param key a PEM file, absolute: the private key, PKCS#8 and not encrypted
 * @param clientAuthority a PEM file, absolute, of authorities: a client needs a certificate of one
 *     of them; {@code null} if it needs none
 * @param host the name or address to listen on, not blank
 * @param port 0 to 65535; 0 asks for any free port
 */
public record TlsListening(
    Path certificate, Path key, @Nullable Path clientAuthority, String host, int port) {

  /** Whether strangers can reach the door and it takes them. */
  boolean letsStrangersIn() {
    return clientAuthority == null && !Server.isLoopback(host);
  }
}
