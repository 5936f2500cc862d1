package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.skipTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Certificates;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The line where clients speak TLS, and what becomes of the certificate's files. */
final class TlsLineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HEALTH = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
  private static final Certificates CERTIFICATES = new Certificates();

  @TempDir private Path folder;

  @BeforeEach
  void write() throws Exception {
    Certificates.write(folder, CERTIFICATES.issue("first"));
    CERTIFICATES.writeAuthority(folder);
  }

  private String fields(String more) {
    return "\"TLS\": {\"certificate\": \"" + folder.resolve("chain.pem") + "\", \"key\": \""
        + folder.resolve("key.pem") + "\", \"port\": 0" + more + "},";
  }

  private static HttpClient client(Version version) throws Exception {
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(CERTIFICATES.client(null))
        .build();
  }

  private static HttpRequest.Builder request(Router router, String path) {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + router.tlsPort() + path))
        .timeout(PATIENCE)
        .header("x-api-key", Router.KEY);
  }

  private static HttpRequest post(Router router, String model, boolean stream) {
    return request(router, "/v1/messages")
        .POST(HttpRequest.BodyPublishers.ofString(Chat.request(model, stream)))
        .build();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void anEventReachesTheClientWhileTheUpstreamHoldsTheNext(Version version) throws Exception {
    Gate gate = new Gate();
    Reply reply =
        Reply.sse().chunk(Chat.text("one")).await(gate).chunk(Chat.text("two") + Chat.DONE).end();
    try (MockUpstream upstream = MockUpstream.start(request -> reply);
        Router router = Router.start(upstream, fields(""));
        HttpClient client = client(version)) {
      HttpResponse<InputStream> response =
          client.send(post(router, "m", true), HttpResponse.BodyHandlers.ofInputStream());
      assertEquals(version, response.version());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        skipTo(lines, "one");
        gate.open();
        assertTrue(lines.lines().anyMatch("event: message_stop"::equals));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void errorsUploadsAndDeparturesAreAsWithoutTls(Version version) throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream, fields(""));
        HttpClient client = client(version)) {
      assertEquals(429, text(client, post(router, "openai,error-429", true)).statusCode());
      String large = Chat.request("openai,hello", false).replace("Hello", "x".repeat(2 << 20));
      HttpRequest upload =
          request(router, "/v1/messages")
              .POST(HttpRequest.BodyPublishers.ofString(large))
              .build();
      assertEquals(200, text(client, upload).statusCode());
      HttpResponse<InputStream> slow =
          client.send(
              post(router, "openai,slow", true), HttpResponse.BodyHandlers.ofInputStream());
      assertTrue(slow.body().read() >= 0);
      int before = upstream.openConnections();
      slow.body().close(); // resets the stream, or closes the connection
      upstream.awaitConnections(before - 1, PATIENCE);
    }
  }

  @Test
  void whoNamesNoProtocolIsSpokenToInHttp11() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream, fields(""));
        SSLSocket socket = tls(router, CERTIFICATES.client(null))) {
      socket
          .getOutputStream()
          .write(HEALTH.getBytes(StandardCharsets.US_ASCII));
      assertEquals(
          "HTTP/1.1 200",
          new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
      assertEquals("TLSv1.3", socket.getSession().getProtocol());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n"
            + "connection: close\r\n\r\n{}"
      })
  void whoForgetsTlsIsToldSo(String request) throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream, fields(""));
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), router.tlsPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
      assertTrue(answer.contains("this port speaks TLS"), answer);
    }
  }

  @Test
  void aClientWithoutACertificateIsRefusedWhereOneIsNeeded() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router =
            Router.start(
                upstream, fields(", \"client_ca\": \"" + folder.resolve("ca.pem") + "\""))) {
      try (SSLSocket stranger = tls(router, CERTIFICATES.client(null))) {
        IOException refusal =
            assertThrows(
                IOException.class,
                () -> {
                  stranger
                      .getOutputStream()
                      .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                  stranger.getInputStream().read();
                });
        assertTrue( // an alert, or the connection is gone: silence is neither
            refusal instanceof SSLException || refusal instanceof SocketException,
            refusal::toString);
      }
      SSLContext own = CERTIFICATES.client(CERTIFICATES.issue("friend"));
      try (HttpClient client = HttpClient.newBuilder().sslContext(own).build()) {
        assertEquals(
            200, text(client, request(router, "/health").GET().build()).statusCode());
      }
    }
  }

  @Test
  void newFilesAreServedToNewConnectionsAndBadOnesToNobody() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream, fields(""));
        SSLSocket before = tls(router, CERTIFICATES.client(null))) {
      assertEquals("CN=first", subject(router));
      Certificates.write(folder, CERTIFICATES.issue("second"));
      await(() -> subject(router).equals("CN=second"));
      Files.writeString(folder.resolve("key.pem"), "no key");
      await(() -> health(router).contains("TLS.key: " + folder.resolve("key.pem") + ": no key"));
      assertEquals("CN=second", subject(router));
      Certificates.write(folder, CERTIFICATES.issue("third"));
      await(() -> subject(router).equals("CN=third"));
      assertTrue(health(router).contains("\"problems\":[]"), health(router));
      before
          .getOutputStream()
          .write(HEALTH.getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', before.getInputStream().read(), "what was connected stays so");
    }
  }

  @Test
  void aReloadReadsTheCertificateToo() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(upstream, fields(""))) {
      Path other = Files.createDirectory(folder.resolve("other"));
      Certificates.write(other, CERTIFICATES.issue("elsewhere"));
      String fields = fields("").replace(folder.toString(), other.toString());
      String text =
          "{" + fields + " \"APIKEY\": \"k\","
              + " \"Providers\": [{\"name\": \"openai\", \"api_key\": \"p\"}]}";
      router.listener().loaded(ConfigReader.parse("test.json", text, Map.of()));
      assertEquals("CN=elsewhere", subject(router));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key.pem | nonsense | TLS.key: KEY: no key (expected: PEM, PKCS#8",
        "chain.pem | nonsense | TLS.certificate: CHAIN: no certificates (expected: PEM",
        "key.pem | another | TLS: CHAIN and KEY: do not fit",
      })
  void filesThatCannotBeUsedKeepARouterFromStarting(String file, String content, String problem)
      throws Exception {
    String key = CERTIFICATES.issue("other").getPrivateKeyPEM();
    Files.writeString(folder.resolve(file), content.equals("another") ? key : content);
    try (MockUpstream upstream = MockUpstream.start(new Scenarios())) {
      IllegalStateException failure =
          assertThrows(
              IllegalStateException.class, () -> Router.start(upstream, fields("")).close());
      String expected =
          problem
              .replace("CHAIN", folder.resolve("chain.pem").toString())
              .replace("KEY", folder.resolve("key.pem").toString());
      assertTrue(
          String.valueOf(failure.getMessage()).contains(expected), failure::getMessage);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < deadline, "it has not come about");
    }
  }

  private static String subject(Router router) throws Exception {
    try (SSLSocket socket = tls(router, CERTIFICATES.client(null))) {
      X509Certificate first =
          (X509Certificate) List.of(socket.getSession().getPeerCertificates()).getFirst();
      return first.getSubjectX500Principal().getName();
    }
  }

  private static String health(Router router) throws Exception {
    return router
        .send(router.request("/health").GET().build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static SSLSocket tls(Router router, SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", router.tlsPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    try {
      socket.startHandshake();
    } catch (SSLException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  private static HttpResponse<String> text(HttpClient client, HttpRequest request)
      throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
