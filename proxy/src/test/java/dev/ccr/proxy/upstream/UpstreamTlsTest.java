package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets, with a certificate authority of the test's own. */
final class UpstreamTlsTest {

  private static final X509Bundle CA = authority();
  private static final CertificateBuilder CERTIFICATE =
      new CertificateBuilder()
          .ecp256()
          .subject("CN=test server")
          .addSanDnsName("localhost")
          .addSanIpAddress("127.0.0.1");

  private static final String UNTRUSTED =
      "unable to find valid certification path to requested target";

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

  private static MockUpstream server(X509Bundle certificate) throws Exception {
    SslContext context =
        SslContextBuilder.forServer(
                certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
            .sslProvider(SslProvider.JDK)
            .build();
    return MockUpstream.start(request -> Reply.json(200, "{}"), context);
  }

  private static Loopback pool(Transport transport, UpstreamTls tls) {
    return new Loopback(transport, tls, Defaults.LIMITS);
  }

  private static UpstreamTls trusting(X509Bundle authority) {
    return new UpstreamTls(
        SslContextBuilder.forClient().trustManager(authority.getCertificate()));
  }

  private static void assertRefused(X509Bundle certificate, UpstreamTls tls, String why)
      throws Exception {
    try (MockUpstream server = server(certificate);
        Loopback pool = pool(Transport.best(), tls)) {
      Origin origin = new Origin(true, "127.0.0.1", server.port());
      UpstreamException failure =
          assertThrows(UpstreamException.class, () -> pool.acquire(origin));
      assertEquals(502, failure.status());
      assertEquals("upstream " + origin + ": TLS failed: " + why, failure.getMessage());
      assertEquals(0, server.requests().size(), "nothing is sent to a stranger");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aTrustedUpstreamIsAnsweredByAndItsConnectionUsedAgain(Transport transport)
      throws Exception {
    try (MockUpstream server = server(CERTIFICATE.buildIssuedBy(CA));
        Loopback pool = pool(transport, trusting(CA))) {
      Origin origin = new Origin(true, "127.0.0.1", server.port());
      Channel channel = pool.acquire(origin);
      assertEquals("{}", pool.ask(origin, channel));
      pool.release(origin, channel);
      assertSame(channel, pool.acquire(origin));
      assertEquals("{}", pool.ask(origin, channel));
      assertEquals(1, server.acceptedConnections());
    }
  }

  @Test
  void aHostNameIsVerifiedByName() throws Exception {
    try (MockUpstream server = server(CERTIFICATE.buildIssuedBy(CA));
        Loopback pool = pool(Transport.best(), trusting(CA))) {
      Origin origin = new Origin(true, "localhost", server.port());
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
    }
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    assertRefused(CERTIFICATE.buildIssuedBy(CA), new UpstreamTls(), UNTRUSTED);
  }

  @Test
  void aSelfSignedCertificateIsRefused() throws Exception {
    assertRefused(
        CERTIFICATE.copy().setIsCertificateAuthority(true).buildSelfSigned(),
        trusting(CA),
        UNTRUSTED);
  }

  @ParameterizedTest
  @CsvSource({"other.example, 127.0.0.2", "localhost, 127.0.0.2", "127.0.0.1, ::1"})
  void aCertificateForAnotherHostIsRefused(String name, String address) throws Exception {
    assertRefused(
        new CertificateBuilder()
            .ecp256()
            .subject("CN=127.0.0.1")
            .addSanDnsName(name)
            .addSanIpAddress(address)
            .buildIssuedBy(CA),
        trusting(CA),
        "No subject alternative names matching IP address 127.0.0.1 found");
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    Instant yesterday = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(1, ChronoUnit.DAYS);
    assertRefused(
        CERTIFICATE
            .copy()
            .notBefore(yesterday.minus(1, ChronoUnit.DAYS))
            .notAfter(yesterday)
            .buildIssuedBy(CA),
        trusting(CA),
        "NotAfter: " + Date.from(yesterday));
  }

  @Test
  void anUpstreamWithoutTlsIsRefused() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.json(200, "{}"));
        Loopback pool = pool(Transport.best(), trusting(CA))) {
      Origin origin = new Origin(true, "127.0.0.1", server.port());
      UpstreamException failure =
          assertThrows(UpstreamException.class, () -> pool.acquire(origin));
      assertEquals(502, failure.status());
      assertEquals(
          "upstream " + origin + ": TLS failed: connection closed inside the handshake",
          failure.getMessage());
    }
  }

  @Test
  void theContextIsMadeOnce() throws Exception {
    UpstreamTls tls = trusting(CA);
    assertSame(
        tls.context(GlobalEventExecutor.INSTANCE).get(),
        tls.context(GlobalEventExecutor.INSTANCE).get());
  }
}
