package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Pem;
import dev.ccr.proxy.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate and its key, read from PEM files (RFC 7468). Messages name files and never quote
 * them.
 *
 * @param chain the certificate itself, and those up to a root
 */
record KeyPairFiles(PrivateKey key, List<X509Certificate> chain) {

  private static final int MAX_BYTES = 1 << 20;

  /** @throws IOException if they cannot be used, or do not belong together; it says why */
  static KeyPairFiles read(Path certificate, Path key) throws IOException {
    List<X509Certificate> chain = certificates("TLS.certificate", certificate);
    PrivateKey privateKey = privateKey(key);
    if (!Pem.fit(privateKey, chain.getFirst().getPublicKey())) {
      throw new IOException(
          "TLS: " + certificate + " and " + key
              + ": do not fit (expected: a certificate and its own key)");
    }
    return new KeyPairFiles(privateKey, chain);
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    try {
      return pem("TLS.key", file).privateKey();
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "TLS.key: " + file
              + ": no key (expected: PEM, PKCS#8, not encrypted: BEGIN PRIVATE KEY)",
          e);
    }
  }

  /** The certificates of a file, at least one. */
  static List<X509Certificate> certificates(String name, Path file) throws IOException {
    try {
      return pem(name, file).certificates();
    } catch (GeneralSecurityException e) {
      throw new IOException(
          name + ": " + file + ": no certificates (expected: PEM, BEGIN CERTIFICATE)", e);
    }
  }

  private static Pem pem(String name, Path file) throws IOException {
    try {
      if (Files.size(file) <= MAX_BYTES) {
        return new Pem(
            file.toString(),
            Secret.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)));
      }
    } catch (IOException e) {
      throw new IOException(name + ": " + file + ": not readable (expected: a PEM file)", e);
    }
    throw new IOException(name + ": " + file + ": too large (expected: at most 1 MiB)");
  }
}
