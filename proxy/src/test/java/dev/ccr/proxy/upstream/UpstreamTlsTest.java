package dev.ccr.proxy.upstream;

import static dev.ccr.proxy.testing.Certificates.trusting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Pem;
import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.config.TlsFiles;
import dev.ccr.proxy.config.Way;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.testing.Certificates;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets, with a certificate authority of the test's own. */
final class UpstreamTlsTest {

  private static final X509Bundle CA = Certificates.authority();
  private static final CertificateBuilder CERTIFICATE =
      new CertificateBuilder()
          .ecp256()
          .subject("CN=test server")
          .addSanDnsName("localhost")
          .addSanIpAddress("127.0.0.1");

  private static final String UNTRUSTED =
      "its certificate is of an unknown authority (expected: one that Java trusts, or one in"
          + " tls.ca)";
  private static final TlsFiles TRUSTING_CA =
      new TlsFiles(List.of(pem(CA.getCertificatePEM())), null, null);

  private static Pem pem(String text) {
    return new Pem("", Secret.of(text));
  }

  private static MockUpstream server(X509Bundle certificate) throws Exception {
    return MockUpstream.start(
        request -> Reply.json(200, "{}"), Certificates.serverTls(certificate));
  }

  private static Loopback pool(Transport transport, UpstreamTls tls) {
    return new Loopback(transport, tls, Defaults.LIMITS);
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
        new UpstreamTls(),
        "its certificate is self-signed (expected: one of an authority, or itself as tls.ca)");
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
        "its certificate is for another host: No subject alternative names matching IP address"
            + " 127.0.0.1 found");
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
        "its certificate has expired, NotAfter: " + Date.from(yesterday)
            + " (expected: a valid one, and a clock here that is right)");
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

  @ParameterizedTest
  @CsvSource({
    "15 03 01 00 02 02 46, TLS failed: no version in common (expected: TLS 1.2 or 1.3)",
    "15 03 03 00 02 02 28, 'TLS failed: it refuses the handshake (expected: a cipher in common; a certificate"
        + " in tls.certificate where it wants one)'",
    "15 03 03 00 02 02 2a, 'TLS failed: it refuses the router''s certificate, or that there is none (expected:"
        + " one in tls.certificate)'",
    "48 54 54 50 2f 31 2e 31 20 34 30 30 20 42, 'TLS failed: it speaks something else (expected: TLS there, or"
        + " an http URL)'",
    "'', no TLS handshake within 2 s (CONNECT_TIMEOUT_MS)",
  })
  void aRefusedHandshakeIsAFailureThatSaysWhy(String answer, String why) throws Exception {
    for (SslProvider provider : List.of(SslProvider.OPENSSL, SslProvider.JDK)) {
      try (ServerSocket server = new ServerSocket(0);
          Loopback pool =
              new Loopback(
                  Transport.best(),
                  new UpstreamTls(null, provider),
                  Defaults.LIMITS.toBuilder().connect(Duration.ofSeconds(2)).build())) {
        Thread.ofVirtual().start(() -> serve(server, answer));
        Origin origin = new Origin(true, "localhost", server.getLocalPort());
        UpstreamException failure =
            assertThrows(UpstreamException.class, () -> pool.acquire(origin));
        assertEquals("upstream " + origin + ": " + why, failure.getMessage());
      }
    }
  }

  /** Answers one greeting with bytes, and waits for the other's end. */
  private static void serve(ServerSocket server, String hex) {
    try (Socket client = server.accept()) {
      client.getInputStream().read(new byte[4096]);
      client.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the other end says what has come of it
    }
  }

  @Test
  void aConfiguredAuthorityIsTrustedBesideThoseOfTheJvm() throws Exception {
    try (MockUpstream server = server(CERTIFICATE.buildIssuedBy(CA));
        Loopback pool = pool(Transport.best(), new UpstreamTls())) {
      Origin plain = new Origin(true, "localhost", server.port());
      assertThrows(UpstreamException.class, () -> pool.acquire(plain));
      Origin origin = plain.by(new Way(null, TRUSTING_CA));
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
    }
    int ofTheJvm = UpstreamTrust.with(List.of()).getAcceptedIssuers().length;
    assertEquals(
        ofTheJvm + 1,
        UpstreamTrust.with(List.of(CA.getCertificate())).getAcceptedIssuers().length);
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, OPENSSL", "TLSv1.3, OPENSSL", "TLSv1.2, JDK", "TLSv1.3, JDK",
  })
  void anUpstreamThatWantsACertificateGetsTheOneOfItsProvider(
      String version, SslProvider provider) throws Exception {
    X509Bundle client = new CertificateBuilder().ecp256().subject("CN=router").buildIssuedBy(CA);
    TlsFiles own =
        new TlsFiles(
            TRUSTING_CA.authorities(),
            pem(client.getCertificatePathPEM()),
            pem(client.getPrivateKeyPEM()));
    X509Bundle certificate = CERTIFICATE.buildIssuedBy(CA);
    SslContext context =
        SslContextBuilder.forServer(
                certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
            .sslProvider(SslProvider.JDK)
            .protocols(version)
            .clientAuth(ClientAuth.REQUIRE)
            .trustManager(CA.getCertificate())
            .build();
    try (MockUpstream server = MockUpstream.start(request -> Reply.json(200, "{}"), context);
        Loopback pool = pool(Transport.best(), new UpstreamTls(null, provider))) {
      Origin origin =
          new Origin(true, "localhost", server.port()).by(new Way(null, own));
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
      Origin without = origin.by(new Way(null, own.withoutCertificate()));
      Throwable failure =
          assertThrows(Exception.class, () -> pool.ask(without, pool.acquire(without)));
      if (version.equals("TLSv1.2")) {
        assertTrue(
            String.valueOf(failure.getMessage()).contains("TLS failed: it refuses the handshake"),
            failure::toString);
      } else { // the router's part of the handshake is over when it is refused (RFC 8446, 4.4.2.4)
        assertTrue(
            causes(failure)
                .anyMatch(
                    cause ->
                        cause instanceof SSLException
                            || cause instanceof ClosedChannelException), // before it was written
            failure::toString);
      }
      assertEquals(1, server.requests().size());
    }
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, OPENSSL", "TLSv1.3, OPENSSL", "TLSv1.2, JDK", "TLSv1.3, JDK",
  })
  void theNextConnectionResumesTheSession(String version, SslProvider provider)
      throws Exception {
    AtomicInteger handshakes = new AtomicInteger();
    SslContextBuilder counting =
        SslContextBuilder.forClient()
            .protocols(version)
            .trustManager(new CountingTrust(handshakes));
    X509Bundle certificate = CERTIFICATE.buildIssuedBy(CA);
    SslContext context =
        SslContextBuilder.forServer(
                certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
            .sslProvider(SslProvider.JDK)
            .protocols(version)
            .build();
    try (MockUpstream server = MockUpstream.start(request -> Reply.json(200, "{}"), context);
        Loopback pool = pool(Transport.best(), new UpstreamTls(counting, provider))) {
      Origin origin = new Origin(true, "localhost", server.port());
      for (int i = 0; i < 3; i++) {
        assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
      }
      assertEquals(3, server.acceptedConnections());
      assertEquals(1, handshakes.get(), "a resumed session shows no certificate");
    }
  }

  /** Trusts everybody, and counts those who show a certificate. */
  private static final class CountingTrust extends X509ExtendedTrustManager {

    private final AtomicInteger shown;

    CountingTrust(AtomicInteger shown) {
      this.shown = shown;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      shown.incrementAndGet();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      shown.incrementAndGet();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      shown.incrementAndGet();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void aContextIsMadeOnceAndGivenUpWhenNoConfigurationNeedsIt() throws Exception {
    UpstreamTls tls = new UpstreamTls();
    SslContext first = tls.context(TRUSTING_CA, true, GlobalEventExecutor.INSTANCE).get();
    SslContext second = tls.context(TRUSTING_CA, true, GlobalEventExecutor.INSTANCE).get();
    assertSame(first, second);
    tls.load(TlsFiles.NONE);
    assertEquals(2, tls.contexts());
    tls.keepOnly(Set.of(TlsFiles.NONE));
    assertEquals(1, tls.contexts());
    assertEquals(2, ReferenceCountUtil.refCnt(first), "both takers have it still");
    ReferenceCountUtil.release(first);
    ReferenceCountUtil.release(second);
    assertEquals(0, ReferenceCountUtil.refCnt(first));
    SslContext again = tls.context(TRUSTING_CA, true, GlobalEventExecutor.INSTANCE).get();
    assertNotSame(first, again, "an exchange of the old configuration may ask yet");
    tls.close();
    assertEquals(1, ReferenceCountUtil.refCnt(again));
    ReferenceCountUtil.release(again);
  }

  @Test
  void aConnectionOutlivesItsContext() throws Exception {
    UpstreamTls tls = new UpstreamTls();
    try (MockUpstream server = server(CERTIFICATE.buildIssuedBy(CA));
        Loopback pool = pool(Transport.best(), tls)) {
      Origin origin =
          new Origin(true, "localhost", server.port()).by(new Way(null, TRUSTING_CA));
      Channel channel = pool.acquire(origin);
      tls.keepOnly(Set.of());
      assertEquals("{}", pool.ask(origin, channel));
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
    }
  }
}
