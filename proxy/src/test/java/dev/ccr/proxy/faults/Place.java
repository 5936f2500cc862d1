package dev.ccr.proxy.faults;

import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where an upstream is, or is not.
 *
 * @param upstream null if nobody answers there, fault or not
 * @param tls how the router trusts it, for one router
 */
record Place(String origin, @Nullable RawUpstream upstream, UpstreamTls tls, Closeable end)
    implements AutoCloseable {

  private static final X509Bundle CA = authority();

  /** Makes a place where connections are played. */
  interface Opening {
    Place open(Wire.Play play) throws Exception;
  }

  static Place plain(Wire.Play play) throws IOException {
    RawUpstream upstream = new RawUpstream(play, null);
    return new Place(upstream.origin(), upstream, new UpstreamTls(), upstream);
  }

  /** TLS with a certificate that the router trusts. */
  static Place secure(Wire.Play play) throws Exception {
    RawUpstream upstream = new RawUpstream(play, server(certificate().buildIssuedBy(CA)));
    return new Place(upstream.origin(), upstream, trusting(), upstream);
  }

  /** TLS with a certificate that the router must not trust. */
  static Opening untrusted(CertificateBuilder certificate, boolean selfSigned) {
    return play -> {
      X509Bundle bundle =
          selfSigned
              ? certificate.setIsCertificateAuthority(true).buildSelfSigned()
              : certificate.buildIssuedBy(CA);
      RawUpstream upstream = new RawUpstream(play, server(bundle));
      return new Place(upstream.origin(), null, trusting(), upstream);
    };
  }

  /** No TLS where the router expects it: connections are played from their first byte. */
  static Opening withoutTls(Wire.Play play) {
    return _ -> {
      RawUpstream upstream = new RawUpstream(play, null);
      return new Place(
          upstream.origin().replace("http:", "https:"), null, trusting(), upstream);
    };
  }

  /** Connections are played from their first byte, and nobody ever answers a request. */
  static Opening deaf(Wire.Play play) {
    return _ -> {
      RawUpstream upstream = new RawUpstream(play, null);
      return new Place(upstream.origin(), null, new UpstreamTls(), upstream);
    };
  }

  /** A port that nobody listens on. */
  static Place refusing(Wire.Play unused) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    return new Place("http://127.0.0.1:" + port, null, new UpstreamTls(), () -> {});
  }

  /** A port whose queue is full: the kernel answers nothing. */
  static Place blackHole(Wire.Play unused) throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    List<Socket> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 16; i++) { // more than any kernel adds to the queue that is asked for
        Socket socket = new Socket();
        waiting.add(socket);
        socket.connect(listener.getLocalSocketAddress(), 50);
      }
      throw new IllegalStateException("a queue that never fills");
    } catch (SocketTimeoutException full) {
      // so it is with whoever comes next
    }
    return new Place(
        "http://127.0.0.1:" + listener.getLocalPort(),
        null,
        new UpstreamTls(),
        () -> {
          for (Socket socket : waiting) {
            socket.close();
          }
          listener.close();
        });
  }

  static CertificateBuilder certificate() {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=test server")
        .addSanIpAddress("127.0.0.1");
  }

  static CertificateBuilder ofAnotherHost() {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=other.example")
        .addSanDnsName("other.example");
  }

  static CertificateBuilder expired() {
    Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS);
    return certificate().notBefore(yesterday.minus(1, ChronoUnit.DAYS)).notAfter(yesterday);
  }

  @Override
  public void close() throws IOException {
    end.close();
  }

  private static UpstreamTls trusting() {
    return new UpstreamTls(SslContextBuilder.forClient().trustManager(CA.getCertificate()));
  }

  private static SSLContext server(X509Bundle certificate) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    return context;
  }

  private static X509Bundle authority() {
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
}
