package dev.ccr.proxy.config;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom upstreams are trusted by beyond what the JVM trusts, and what the router shows of itself.
 * Equal if their contents are, so a file that has changed makes others. Immutable.
 *
 * @param authorities may be empty
 * @param certificate of the client, those it is issued by behind it; {@code null} if there is none
 * @param key of that certificate; {@code null} if there is none
 */
public record TlsFiles(List<Pem> authorities, @Nullable Pem certificate, @Nullable Pem key) {

  /** What the JVM trusts, and no certificate. */
  public static final TlsFiles NONE = new TlsFiles(List.of(), null, null);

  public TlsFiles {
    authorities = List.copyOf(authorities);
  }

  /** The same, which trusts another's authorities too. */
  TlsFiles trusting(TlsFiles other) {
    if (other.authorities.isEmpty()) {
      return this;
    }
    List<Pem> all = new ArrayList<>(other.authorities);
    all.addAll(authorities);
    return new TlsFiles(all, certificate, key);
  }

  /** The same for a peer that the certificate is not meant for. */
  public TlsFiles withoutCertificate() {
    return certificate == null ? this : new TlsFiles(authorities, null, null);
  }

  /** All certificates of all authorities. */
  public List<X509Certificate> trusted() throws GeneralSecurityException {
    List<X509Certificate> trusted = new ArrayList<>();
    for (Pem each : authorities) {
      trusted.addAll(each.certificates());
    }
    return trusted;
  }

  /** The certificate of the client and what it is issued by; empty if there is none. */
  public List<X509Certificate> chain() throws GeneralSecurityException {
    return certificate == null ? List.of() : certificate.certificates();
  }

  /** The key of that certificate, or {@code null}. */
  public @Nullable PrivateKey privateKey() throws GeneralSecurityException {
    return key == null ? null : key.privateKey();
  }
}
