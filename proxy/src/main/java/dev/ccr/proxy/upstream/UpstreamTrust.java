package dev.ccr.proxy.upstream;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts what the JVM trusts, and more authorities; tells a certificate that vouches for itself
 * from one of an unknown authority. Any thread may use it.
 */
final class UpstreamTrust extends X509ExtendedTrustManager {

  /** A certificate is trusted by nobody but itself. */
  static final class SelfSignedException extends CertificateException {

    private SelfSignedException(CertificateException cause) {
      super("the certificate is self-signed", cause);
    }
  }

  private final X509ExtendedTrustManager judge;

  private UpstreamTrust(X509ExtendedTrustManager judge) {
    this.judge = judge;
  }

  /** @param more authorities beside those of the JVM, which its properties may have changed */
  static UpstreamTrust with(List<X509Certificate> more)
      throws GeneralSecurityException, IOException {
    X509ExtendedTrustManager ofTheJvm = judge(null);
    if (more.isEmpty()) {
      return new UpstreamTrust(ofTheJvm);
    }
    KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
    all.load(null, null);
    int name = 0;
    for (X509Certificate each : ofTheJvm.getAcceptedIssuers()) {
      all.setCertificateEntry("jvm" + name++, each);
    }
    for (X509Certificate each : more) {
      all.setCertificateEntry("more" + name++, each);
    }
    return new UpstreamTrust(judge(all));
  }

  private static X509ExtendedTrustManager judge(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new CertificateException("this JVM trusts in no way that is known"));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      judge.checkServerTrusted(chain, type, engine);
    } catch (CertificateException e) {
      throw told(chain, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    judge.checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type)
      throws CertificateException {
    judge.checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    judge.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    judge.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type)
      throws CertificateException {
    judge.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }

  private static CertificateException told(X509Certificate[] chain, CertificateException e) {
    boolean alone =
        chain.length == 1
            && chain[0].getSubjectX500Principal().equals(chain[0].getIssuerX500Principal());
    return alone && TlsFailures.isUnknown(e) ? new SelfSignedException(e) : e;
  }
}
