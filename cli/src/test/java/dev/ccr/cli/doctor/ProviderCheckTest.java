package dev.ccr.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over real sockets, with a certificate authority of the test's own. */
final class ProviderCheckTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TOO_LONG = "h".repeat(64); // no name has so many

  private static final X509Bundle AUTHORITY = authority();
  private static final SSLSocketFactory TRUSTING = trusting();

  private static CertificateBuilder certificate() {
    return new CertificateBuilder().ecp256().subject("CN=test").addSanIpAddress("127.0.0.1");
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

  private static SSLSocketFactory trusting() {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", AUTHORITY.getCertificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Finding> check(String url, Duration patience) throws Exception {
    return check(url, "", patience);
  }

  private static List<Finding> check(String url, String more, Duration patience)
      throws Exception {
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"Providers": [{"name": "p", "api_base_url": "%s", "api_key": "sk-0123456789"%s}],
             "Router": {"default": "p,m"}}
            """
                .formatted(url, more),
            Map.of());
    return new ProviderCheck(patience, TRUSTING).run(config);
  }

  private static Finding check(String url) throws Exception {
    return check(url, PATIENCE).getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "good,      OK,      can be reached, ''",
    "unknown,   PROBLEM, TLS: its certificate is of an unknown authority, whom this Java trusts",
    "expired,   PROBLEM, TLS: its certificate is not valid today, this machine's clock",
    "early,     PROBLEM, TLS: its certificate is not valid today, this machine's clock",
    "elsewhere, PROBLEM, TLS: , whom this Java trusts",
  })
  void aCertificateIsChecked(String kind, Finding.Level level, String what, String remedy)
      throws Exception {
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    X509Bundle certificate =
        switch (kind) {
          case "unknown" -> certificate().setIsCertificateAuthority(true).buildSelfSigned();
          case "expired" ->
              certificate()
                  .notBefore(now.minus(day.multipliedBy(2)))
                  .notAfter(now.minus(day))
                  .buildIssuedBy(AUTHORITY);
          case "early" ->
              certificate()
                  .notBefore(now.plus(day))
                  .notAfter(now.plus(day.multipliedBy(2)))
                  .buildIssuedBy(AUTHORITY);
          case "elsewhere" ->
              new CertificateBuilder()
                  .ecp256()
                  .subject("CN=test")
                  .addSanDnsName("elsewhere.example")
                  .buildIssuedBy(AUTHORITY);
          default -> certificate().buildIssuedBy(AUTHORITY);
        };
    AtomicInteger requests = new AtomicInteger();
    try (MockUpstream server =
        MockUpstream.start(
            request -> {
              requests.incrementAndGet();
              return Reply.json(200, "{}");
            },
            SslContextBuilder.forServer(
                    certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .build())) {
      String place = "https://127.0.0.1:" + server.port();
      Finding finding = check(place + "/v1/chat/completions?key=hidden");
      assertEquals(level, finding.level(), finding::toString);
      assertTrue(finding.what().startsWith("p: " + place), finding.what());
      assertTrue(finding.what().contains(what), finding.what());
      assertTrue(finding.remedy().contains(remedy), finding.remedy());
    }
    assertEquals(0, requests.get(), "no request is sent");
  }

  @Test
  void aServerWithoutTlsIsNoHttpsServer() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.json(200, "{}"))) {
      Finding finding = check("https://127.0.0.1:" + server.port() + "/v1/messages");
      assertEquals(Finding.Level.PROBLEM, finding.level());
      assertTrue(finding.what().contains("TLS: "), finding.what());
    }
  }

  @Test
  void aConfiguredAuthorityIsTrusted(@TempDir Path folder) throws Exception {
    X509Bundle own = certificate().setIsCertificateAuthority(true).buildSelfSigned();
    Path ca = Files.writeString(folder.resolve("ca.pem"), own.getCertificatePEM());
    try (MockUpstream server =
        MockUpstream.start(
            request -> Reply.json(200, "{}"),
            SslContextBuilder.forServer(
                    own.getKeyPair().getPrivate(), own.getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .build())) {
      String url = "https://127.0.0.1:" + server.port();
      String tls = ", \"tls\": {\"ca\": \"" + ca + "\"}";
      Finding finding = check(url + "/v1/messages", tls, PATIENCE).getFirst();
      assertEquals("p: " + url + " can be reached", finding.what());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200 OK,       OK,      can be reached",
    "407 Who,      PROBLEM, the proxy refuses: 407",
    "403 Not that, PROBLEM, the proxy refuses: 403",
  })
  void aProxyIsAskedToReachIt(String status, Finding.Level level, String what) throws Exception {
    String answer = "HTTP/1.1 " + status + "\r\nx: words\r\n\r\n";
    try (ServerSocket proxy = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
      FutureTask<String> asked = new FutureTask<>(() -> serve(proxy, answer));
      Thread.ofVirtual().start(asked);
      String url = "http://127.0.0.1:" + proxy.getLocalPort();
      String own = ", \"proxy\": \"" + url.replace("//", "//u:hidden@") + "\"";
      Finding finding =
          check("http://upstream.example:8000/v1/messages", own, PATIENCE).getFirst();
      assertEquals(level, finding.level());
      assertEquals(
          "p: http://upstream.example:8000 through " + url + " (Providers[0].proxy)"
              + (level == Finding.Level.OK ? " " : ": ") + what,
          finding.what());
      assertEquals(
          String.join(
              "\r\n",
              "CONNECT upstream.example:8000 HTTP/1.1",
              "host: upstream.example:8000",
              "proxy-authorization: Basic dTpoaWRkZW4=",
              "",
              ""),
          asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
  }

  /** Answers one request, and gives its head. */
  private static String serve(ServerSocket server, String answer) throws IOException {
    try (Socket client = server.accept()) {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) client.getInputStream().read());
      }
      client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      return head.toString();
    }
  }

  @Test
  void aNameThatNobodyHasIsSaid() throws Exception {
    Finding finding = check("https://" + TOO_LONG + ".invalid/v1/messages");
    assertEquals("p: https://" + TOO_LONG + ".invalid: no such host", finding.what());
  }

  @Test
  void aServerThatIsSilentIsNotWaitedForLonger() throws Exception {
    long start = System.nanoTime();
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
      String url = "https://127.0.0.1:" + silent.getLocalPort();
      Finding finding = check(url + "/v1/messages", Duration.ofMillis(300)).getFirst();
      assertEquals("p: " + url + ": no answer within 300 ms", finding.what());
      assertEquals("Check the network and its firewall.", finding.remedy());
    }
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10), "it was bounded");
  }
}
