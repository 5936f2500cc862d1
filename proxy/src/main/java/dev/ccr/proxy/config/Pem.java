package dev.ccr.proxy.config;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in PEM (RFC 7468): certificates, or a private key in PKCS #8. Prints without its content.
 *
 * @param written what the configuration says for its path; empty if a variable names it
 * @param text the whole file
 */
public record Pem(String written, Secret text) {

  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  /**
   * All certificates, in their order.
   *
   * @throws GeneralSecurityException if one cannot be read, or there is none
   */
  public List<X509Certificate> certificates() throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] block : blocks("CERTIFICATE")) {
      certificates.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block)));
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    return certificates;
  }

  /**
   * The first private key.
   *
   * @throws GeneralSecurityException if it cannot be read, or there is none
   */
  public PrivateKey privateKey() throws GeneralSecurityException {
    List<byte[]> blocks = blocks("PRIVATE KEY");
    if (!blocks.isEmpty()) {
      PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(blocks.getFirst());
      for (String algorithm : KEY_ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
        } catch (InvalidKeySpecException e) {
          // of another kind
        }
      }
    }
    throw new InvalidKeySpecException("no private key");
  }

  /**
   * Whether a private key and a certificate's key belong together: what the one signs is what the
   * other says it is.
   */
  public static boolean fit(PrivateKey secret, PublicKey open) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> secret.getAlgorithm(); // EdDSA
        };
    byte[] message = {1};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) { // keys of different kinds, or of no use
      return false;
    }
  }

  private List<byte[]> blocks(String label) throws GeneralSecurityException {
    Matcher matcher =
        Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*)-----END " + label + "--")
            .matcher(text.reveal());
    List<byte[]> blocks = new ArrayList<>();
    while (matcher.find()) {
      try {
        blocks.add(
            Base64.getMimeDecoder()
                .decode(matcher.group(1).getBytes(StandardCharsets.US_ASCII)));
      } catch (IllegalArgumentException e) {
        throw new GeneralSecurityException("no base64", e);
      }
    }
    return blocks;
  }
}
