package dev.ccr.proxy.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate and its key, read from PEM files (RFC 7468). Messages name files and never quote
 * them.
 *
 * @param chain the certificate itself, and those up to a root
 */
record KeyPairFiles(PrivateKey key, List<X509Certificate> chain) {

  private static final int MAX_BYTES = 1 << 20;
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  /** @throws IOException if they cannot be used, or do not belong together; it says why */
  static KeyPairFiles read(Path certificate, Path key) throws IOException {
    List<X509Certificate> chain = certificates("TLS.certificate", certificate);
    PublicKey publicKey = chain.getFirst().getPublicKey();
    try {
      PrivateKey privateKey =
          KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(der(key)));
      if (belong(privateKey, publicKey)) {
        return new KeyPairFiles(privateKey, chain);
      }
    } catch (GeneralSecurityException e) {
      throw unfit(certificate, key, e);
    }
    throw unfit(certificate, key, null);
  }

  /** The certificates of a file, at least one. */
  static List<X509Certificate> certificates(String name, Path file) throws IOException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(name, file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(noCertificates(name, file), e);
    }
    throw new IOException(noCertificates(name, file));
  }

  private static String noCertificates(String name, Path file) {
    return name + ": " + file + ": no certificates (expected: PEM, BEGIN CERTIFICATE)";
  }

  private static IOException unfit(
      Path certificate, Path key, @Nullable Exception cause) {
    return new IOException(
        "TLS: " + certificate + " and " + key
            + ": do not fit (expected: a certificate and its own key)",
        cause);
  }

  private static byte[] der(Path file) throws IOException {
    String text = new String(bytes("TLS.key", file), StandardCharsets.ISO_8859_1);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin >= 0 && end > begin) {
      try {
        return Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
      } catch (IllegalArgumentException e) {
        // it is said below, without the file's words
      }
    }
    throw new IOException(
        "TLS.key: " + file
            + ": no key (expected: PEM, PKCS#8, not encrypted: BEGIN PRIVATE KEY)");
  }

  private static byte[] bytes(String name, Path file) throws IOException {
    try {
      if (Files.size(file) <= MAX_BYTES) {
        return Files.readAllBytes(file);
      }
    } catch (IOException e) {
      throw new IOException(name + ": " + file + ": not readable (expected: a PEM file)", e);
    }
    throw new IOException(name + ": " + file + ": too large (expected: at most 1 MiB)");
  }

  /** Whether what one signs the other accepts. */
  private static boolean belong(PrivateKey key, PublicKey publicKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm(); // EdDSA
        };
    byte[] text = {1};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(text);
    return signature.verify(signed);
  }
}
