package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.TlsFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS towards upstreams on sockets that block, for looking whether they can be reached. */
public final class UpstreamSockets {

  private UpstreamSockets() {}

  /** Sockets that trust whom the router does, and show what it shows. Hosts are not verified. */
  public static SSLSocketFactory trusting(TlsFiles files)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keys(files), new TrustManager[] {UpstreamTrust.with(files.trusted())}, null);
    return context.getSocketFactory();
  }

  private static KeyManager @Nullable [] keys(TlsFiles files)
      throws GeneralSecurityException, IOException {
    PrivateKey key = files.privateKey();
    if (key == null) {
      return null;
    }
    char[] password = {}; // it never leaves memory
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry("router", key, password, files.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }
}
