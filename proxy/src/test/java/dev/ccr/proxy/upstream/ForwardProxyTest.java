package dev.ccr.proxy.upstream;

import static dev.ccr.proxy.testing.Certificates.trusting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.config.Way;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.testing.Certificates;
import dev.ccr.proxy.testing.ConnectProxy;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Through a real proxy, to a host that only the proxy knows. */
final class ForwardProxyTest {

  private static final String HOST = "upstream.example";
  private static final String PASSWORD = "canary:p@ss";
  private static final X509Bundle CA = Certificates.authority();
  private static final Limits SHORT =
      Defaults.LIMITS.toBuilder().connect(Duration.ofMillis(600)).build();

  private static X509Bundle certificate(String host) throws Exception {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=test server")
        .addSanDnsName(host)
        .buildIssuedBy(CA);
  }

  private static Way through(String url) throws Exception {
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"PROXY_URL": "%s",
             "Providers": [{"name": "p", "api_base_url": "https://%s/", "api_key": ""}]}
            """
                .formatted(url, HOST),
            Map.of());
    return config.way(config.providers().getFirst());
  }

  private static Way through(ConnectProxy proxy) throws Exception {
    return through("http://127.0.0.1:" + proxy.port());
  }

  private static MockUpstream server(SslContext tls) {
    return MockUpstream.start(request -> Reply.json(200, "{}"), tls);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anEncryptedUpstreamIsReachedThroughATunnel(Transport transport) throws Exception {
    try (MockUpstream server = server(Certificates.serverTls(certificate(HOST)));
        ConnectProxy proxy = ConnectProxy.to(server.port());
        Loopback pool = new Loopback(transport, trusting(CA), Defaults.LIMITS)) {
      Origin origin =
          new Origin(true, HOST, 443)
              .by(through("http://me%3A:canary%3Ap%40ss@127.0.0.1:" + proxy.port()));
      Channel channel = pool.acquire(origin);
      assertEquals("{}", pool.ask(origin, channel));
      pool.release(origin, channel);
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)), "and is kept for the next");
      String basic =
          Base64.getEncoder()
              .encodeToString(("me::" + PASSWORD).getBytes(StandardCharsets.UTF_8));
      assertEquals(
          List.of(
              "CONNECT " + HOST + ":443 HTTP/1.1\r\nhost: " + HOST + ":443\r\n"
                  + "proxy-authorization: Basic " + basic),
          proxy.heads());
      assertFalse(proxy.seen().contains("POST /"), "what is for the upstream is encrypted");
    }
  }

  @Test
  void anUpstreamWithoutTlsIsReachedThroughATunnelToo() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.json(200, "{}"));
        ConnectProxy proxy = ConnectProxy.to(server.port());
        Loopback pool = new Loopback(Transport.best(), trusting(CA), Defaults.LIMITS)) {
      Origin origin = new Origin(false, "fd00::1", 8000).by(through(proxy));
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
      assertEquals(
          List.of("CONNECT [fd00::1]:8000 HTTP/1.1\r\nhost: [fd00::1]:8000"), proxy.heads());
    }
  }

  @Test
  void theWayToTheProxyMayBeEncryptedItself() throws Exception {
    try (MockUpstream server = server(Certificates.serverTls(certificate(HOST)));
        ConnectProxy proxy =
            ConnectProxy.to(server.port(), sockets(certificate("localhost")));
        Loopback pool = new Loopback(Transport.best(), trusting(CA), Defaults.LIMITS)) {
      Origin origin =
          new Origin(true, HOST, 443).by(through("https://u:p@localhost:" + proxy.port()));
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
      assertEquals(1, proxy.heads().size());
    }
  }

  private static ServerSocketFactory sockets(X509Bundle certificate) throws Exception {
    return Certificates.server(certificate).getServerSocketFactory();
  }

  @Test
  void aConnectionThroughOneProxyIsNotUsedForAnother() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.json(200, "{}"));
        ConnectProxy old = ConnectProxy.to(server.port());
        ConnectProxy next = ConnectProxy.to(server.port());
        Loopback pool = new Loopback(Transport.best(), trusting(CA), Defaults.LIMITS)) {
      Origin before = new Origin(false, HOST, 80).by(through(old));
      Channel channel = pool.acquire(before);
      pool.release(before, channel);
      Origin after = before.by(through(next));
      assertNotSame(channel, pool.acquire(after));
      assertEquals(1, next.heads().size());
      assertEquals(channel, pool.acquire(before.by(through(old))), "the same, read again");
    }
  }

  static Stream<Arguments> refusals() {
    String p = "proxy http://127.0.0.1:PORT";
    return Stream.of(
        Arguments.of(
            "HTTP/1.1 407 canary words\r\nproxy-authenticate: Basic realm=\"canary\"\r\n"
                + "content-length: 6\r\n\r\ncanary",
            p + " refuses: 407 Proxy Authentication Required"
                + " (expected: another user and password in PROXY_URL)"),
        Arguments.of(
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
            p + " refuses: 403 Forbidden (expected: a proxy that lets through to "
                + HOST + ":443)"),
        Arguments.of(
            "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
            p + " refuses: 502 (expected: an upstream that the proxy can reach)"),
        Arguments.of(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nlocation: http://canary/\r\n\r\n",
            p + " refuses: 302 (expected: 200)"),
        Arguments.of("SSH-2.0-canary\r\n\r\n", p + " speaks no HTTP (expected: an HTTP proxy)"),
        Arguments.of(
            "HTTP/1.1 200 OK\r\nx: " + "canary".repeat(4000),
            p + " speaks no HTTP (expected: an HTTP proxy)"),
        Arguments.of(
            "HTTP/1.1 200 O\0", p + " closes the connection (expected: an answer to CONNECT)"),
        Arguments.of("", p + " makes no tunnel in time (expected: an answer to CONNECT)"),
        Arguments.of(
            "HTTP/1.1 200 OK\r\n\r\n\0",
            "TLS failed: connection closed inside the handshake"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aProxyThatMakesNoTunnelIsAFailureThatSaysWhy(String answer, String what)
      throws Exception {
    try (ConnectProxy proxy = ConnectProxy.thatSays(answer);
        Loopback pool = new Loopback(Transport.best(), trusting(CA), SHORT)) {
      assertFailure(pool, "http://u:canary@127.0.0.1:" + proxy.port(), what, proxy.port());
    }
  }

  @Test
  void aProxyThatIsNotThereIsAFailureThatSaysSo() throws Exception {
    int port;
    try (ServerSocket nobody = new ServerSocket(0)) {
      port = nobody.getLocalPort();
    }
    try (Loopback pool = new Loopback(Transport.best(), trusting(CA), SHORT)) {
      assertFailure(
          pool,
          "http://u:canary@127.0.0.1:" + port,
          "proxy http://127.0.0.1:PORT: connection refused or unreachable"
              + " (expected: a server there)",
          port);
    }
  }

  @Test
  void aProxyWhoseCertificateIsNoGoodGetsNoCredentials() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.to(1, sockets(certificate("other.example")));
        Loopback pool = new Loopback(Transport.best(), trusting(CA), Defaults.LIMITS)) {
      assertFailure(
          pool,
          "https://u:canary@localhost:" + proxy.port(),
          "proxy https://localhost:PORT: TLS failed: its certificate is for another host:"
              + " No subject alternative DNS name matching"
              + " localhost found.",
          proxy.port());
      assertEquals("", proxy.seen());
    }
  }

  @Test
  void anUpstreamBehindAProxyIsVerified() throws Exception {
    try (MockUpstream server = server(Certificates.serverTls(certificate("other.example")));
        ConnectProxy proxy = ConnectProxy.to(server.port());
        Loopback pool = new Loopback(Transport.best(), trusting(CA), Defaults.LIMITS)) {
      assertFailure(
          pool,
          "http://u:canary@127.0.0.1:" + proxy.port(),
          "TLS failed: its certificate is for another host: No subject alternative DNS name"
              + " matching " + HOST + " found.",
          proxy.port());
      assertEquals(0, server.requests().size());
    }
  }

  private static void assertFailure(Loopback pool, String url, String what, int port)
      throws Exception {
    Origin origin = new Origin(true, HOST, 443).by(through(url));
    UpstreamException failure =
        assertThrows(UpstreamException.class, () -> pool.acquire(origin));
    assertEquals(502, failure.status());
    String place =
        "upstream https://" + HOST
            + (what.startsWith("TLS") ? " through proxy http://127.0.0.1:" + port : "");
    assertEquals(place + ": " + what.replace("PORT", "" + port), failure.getMessage());
    assertFalse(failure.getMessage().contains("canary"));
  }
}
