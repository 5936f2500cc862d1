package dev.ccr.proxy.testing;

import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates of a test's own authority, in a folder as a server keeps them. */
public final class Certificates {

  private final X509Bundle authority;

  public Certificates() {
    authority = authority();
  }

  /** A new authority, which nobody trusts yet. */
  public static X509Bundle authority() {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=test authority")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** How a router trusts upstreams of an authority, and nobody else. */
  public static UpstreamTls trusting(X509Bundle authority) {
    return new UpstreamTls(
        SslContextBuilder.forClient().trustManager(authority.getCertificate()));
  }

  /** What a server of Netty's shows. */
  public static SslContext serverTls(X509Bundle own) throws Exception {
    return SslContextBuilder.forServer(own.getKeyPair().getPrivate(), own.getCertificatePath())
        .sslProvider(SslProvider.JDK)
        .build();
  }

  /** What a server of the JDK's shows. */
  public static SSLContext server(X509Bundle own) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(own), null, null);
    return context;
  }

  /** A certificate for this machine, or for a client. */
  public X509Bundle issue(String name) throws Exception {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=" + name)
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .buildIssuedBy(authority);
  }

  /** Writes {@code chain.pem} and {@code key.pem} of a certificate. */
  public static void write(Path folder, X509Bundle bundle) throws IOException {
    Files.writeString(folder.resolve("chain.pem"), bundle.getCertificatePathPEM());
    Path key = folder.resolve("key.pem");
    Files.writeString(key, bundle.getPrivateKeyPEM());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  /** Writes the authority's own certificate to {@code ca.pem}. */
  public void writeAuthority(Path folder) throws IOException {
    Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
  }

  /**
   * What a client needs to trust this authority.
   *
   * @param own the client's own certificate, or {@code null}
   */
  public SSLContext client(@Nullable X509Bundle own) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own == null ? null : keys(own), trust(), null);
    return context;
  }

  private TrustManager[] trust() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", authority.getCertificate());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keys(X509Bundle own) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own", own.getKeyPair().getPrivate(), new char[0], own.getCertificatePath());
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }
}
