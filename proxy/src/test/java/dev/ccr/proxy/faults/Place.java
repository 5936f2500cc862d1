package dev.ccr.proxy.faults;

import dev.ccr.proxy.testing.Certificates;
import dev.ccr.proxy.testing.FullQueue;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where an upstream is, or is not.
 *
 * @param upstream null if nobody answers there, fault or not
 * @param tls how the router trusts it, for one router
 */
record Place(String origin, @Nullable RawUpstream upstream, UpstreamTls tls, Closeable end)
    implements AutoCloseable {

  private static final X509Bundle CA = Certificates.authority();

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
    RawUpstream upstream =
        new RawUpstream(play, Certificates.server(certificate().buildIssuedBy(CA)));
    return new Place(upstream.origin(), upstream, Certificates.trusting(CA), upstream);
  }

  /** TLS with a certificate that the router must not trust. */
  static Opening untrusted(CertificateBuilder certificate, boolean selfSigned) {
    return play -> {
      X509Bundle bundle =
          selfSigned
              ? certificate.setIsCertificateAuthority(true).buildSelfSigned()
              : certificate.buildIssuedBy(CA);
      RawUpstream upstream = new RawUpstream(play, Certificates.server(bundle));
      return new Place(upstream.origin(), null, Certificates.trusting(CA), upstream);
    };
  }

  /** No TLS where the router expects it: connections are played from their first byte. */
  static Opening withoutTls(Wire.Play play) {
    return _ -> {
      RawUpstream upstream = new RawUpstream(play, null);
      return new Place(
          upstream.origin().replace("http:", "https:"), null, Certificates.trusting(CA), upstream);
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
    FullQueue queue = new FullQueue();
    return new Place("http://127.0.0.1:" + queue.port(), null, new UpstreamTls(), queue);
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
}
