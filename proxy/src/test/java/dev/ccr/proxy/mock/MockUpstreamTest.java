package dev.ccr.proxy.mock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** What a mock tells about its connections and requests. */
final class MockUpstreamTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Reply OK = Reply.json(200, "{}");
  private static final String POST =
      "POST /v1/chat/completions?a=b HTTP/1.1\r\n"
          + "x-key: secret\r\ncontent-length: 4\r\n\r\n\u00e9{}";

  @Test
  void recordsWholeRequests() throws Exception {
    try (MockUpstream mock = MockUpstream.start(request -> OK);
        RawClient client = new RawClient(mock).send(POST)) {
      MockRequest request = mock.awaitRequest(SOON);
      assertEquals(HttpMethod.POST, request.method());
      assertEquals("/v1/chat/completions?a=b", request.uri());
      assertEquals("/v1/chat/completions", request.path());
      assertEquals("secret", request.headers().get("X-Key"));
      assertEquals("\u00e9{}", request.body());
      assertArrayEquals("\u00e9{}".getBytes(StandardCharsets.UTF_8), request.bytes());
      assertEquals(1, request.connection());
      assertEquals(List.of(request), mock.requests());
      client.readUntil("{}");
    }
  }

  @Test
  void recordedBodyCannotBeChanged() throws Exception {
    try (MockUpstream mock = MockUpstream.start(request -> OK);
        RawClient client = new RawClient(mock).send(POST)) {
      client.readUntil("{}");
      MockRequest request = mock.awaitRequest(SOON);
      request.bytes()[0] = 'x';
      request.content().get();
      assertThrows(ReadOnlyBufferException.class, () -> request.content().put((byte) 'x'));
      assertEquals("\u00e9{}", request.body());
    }
  }

  @Test
  void collectsABodyThatComesInChunks() throws Exception {
    try (MockUpstream mock = MockUpstream.start(request -> OK);
        RawClient client = new RawClient(mock)) {
      client.send("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
      assertEquals("", client.readUntilSilence(), "half a request has no answer");
      client.send("2\r\nde\r\n0\r\n\r\n").readUntil("{}");
      assertEquals("abcde", mock.awaitRequest(SOON).body());
    }
  }

  @Test
  void collectsALargeBody() throws Exception {
    String body = "0123456789".repeat(300_000);
    try (MockUpstream mock = MockUpstream.start(request -> OK);
        RawClient client = new RawClient(mock)) {
      client.send("POST / HTTP/1.1\r\ncontent-length: 3000000\r\n\r\n" + body).readUntil("{}");
      assertEquals(body, mock.awaitRequest(SOON).body());
    }
  }

  @Test
  void invitesABodyThatWaits() throws Exception {
    try (MockUpstream mock = MockUpstream.start(request -> OK);
        RawClient client = new RawClient(mock)) {
      client.send("POST / HTTP/1.1\r\ncontent-length: 1\r\nexpect: 100-continue\r\n\r\n");
      assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readUntil("\r\n\r\n"));
      client.send("x").readUntil("{}");
    }
  }

  @Test
  void keepsConnectionsAliveAndNumbersThem() throws Exception {
    try (MockUpstream mock = MockUpstream.start(request -> OK)) {
      try (RawClient client = new RawClient(mock)) {
        client.send(RawClient.GET).readUntil("{}");
        client.send(RawClient.GET).readUntil("{}");
        try (RawClient other = new RawClient(mock)) {
          other.send(RawClient.GET).readUntil("{}");
          assertEquals(2, mock.openConnections());
        }
        mock.awaitConnections(1, SOON);
      }
      mock.awaitConnections(0, SOON);
      assertEquals(2, mock.acceptedConnections());
      assertEquals(
          List.of(1, 1, 2), mock.requests().stream().map(MockRequest::connection).toList());
    }
  }

  @Test
  void closesWhenTheRequestSaysSo() throws Exception {
    Reply empty = Reply.status(200).end();
    try (MockUpstream mock = MockUpstream.start(request -> empty);
        RawClient client = new RawClient(mock)) {
      client.send("GET / HTTP/1.1\r\nconnection: close\r\n\r\n");
      assertEquals(
          "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n",
          client.readAll());
    }
  }

  @Test
  void closesWhenTheReplySaysSo() throws Exception {
    Reply last = Reply.status(200).header("connection", "close").end();
    try (MockUpstream mock = MockUpstream.start(request -> last);
        RawClient client = new RawClient(mock).send(RawClient.GET)) {
      assertEquals(
          "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
          client.readAll());
    }
  }

  @Test
  void closesOnWhatIsNotHttp() throws Exception {
    try (MockUpstream mock = MockUpstream.start(request -> OK);
        RawClient client = new RawClient(mock).send("\u0000\u0001\r\n\r\n")) {
      assertEquals("", client.readAll());
      assertEquals(List.of(), mock.requests());
    }
  }

  @Test
  void faultOfAScriptBecomesAnAnswer() throws Exception {
    Script broken =
        request -> {
          throw new IllegalStateException("script: broken");
        };
    try (MockUpstream mock = MockUpstream.start(broken);
        RawClient client = new RawClient(mock).send(RawClient.GET)) {
      String answer = client.readUntil("0\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
      assertTrue(answer.contains("script: broken"), answer);
    }
  }

  @Test
  void waitsGiveUpInTime() throws Exception {
    try (MockUpstream mock = MockUpstream.start(request -> OK)) {
      Duration none = Duration.ZERO;
      assertThrows(TimeoutException.class, () -> mock.awaitRequest(none));
      assertThrows(TimeoutException.class, () -> mock.awaitStalled(1, none));
      TimeoutException late =
          assertThrows(
              TimeoutException.class, () -> mock.awaitConnections(3, Duration.ofMillis(5)));
      assertEquals("connections: 0 (expected: 3 within PT0.005S)", late.getMessage());
      mock.awaitConnections(0, none);
    }
  }

  @Test
  void recordsNothingWhenToldSo() throws Exception {
    try (MockUpstream mock = MockUpstream.with(request -> OK).recording(false).threads(2).start();
        RawClient client = new RawClient(mock)) {
      client.send(RawClient.GET).readUntil("{}");
      assertEquals(List.of(), mock.requests());
      assertThrows(IllegalStateException.class, () -> mock.awaitRequest(SOON));
    }
  }

  @Test
  void chosenPortMustBeFree() {
    try (MockUpstream first = MockUpstream.start(request -> OK)) {
      MockUpstream.Setup second = MockUpstream.with(request -> OK).port(first.port());
      UncheckedIOException taken = assertThrows(UncheckedIOException.class, second::start);
      assertTrue(taken.toString().contains("port: " + first.port() + " "), taken.toString());
    }
  }

  @Test
  void closingEndsEveryConnection() throws Exception {
    MockUpstream mock = MockUpstream.start(request -> Reply.status(200).chunk("a").hang());
    try (RawClient client = new RawClient(mock).send(RawClient.GET)) {
      client.readUntil("a\r\n");
      mock.close();
      assertEquals(-1, client.read());
      assertEquals(0, mock.openConnections());
    }
  }

  @Test
  void speaksTls() throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .subject("CN=127.0.0.1")
            .addSanIpAddress("127.0.0.1")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    SslContext tls = SslContextBuilder.forServer(bundle.toKeyManagerFactory()).build();
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, bundle.toTrustManagerFactory().getTrustManagers(), null);
    Gate gate = new Gate();
    Script script =
        request ->
            request.path().equals("/reset")
                ? Reply.status(200).chunk("half").await(gate).reset()
                : Reply.sseCut(new byte[5_000], 1);
    try (MockUpstream mock = MockUpstream.start(script, tls);
        HttpClient client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting)
                .build()) {
      assertTrue(mock.url("/a").startsWith("https://127.0.0.1:"));
      HttpRequest whole = HttpRequest.newBuilder(URI.create(mock.url("/whole"))).build();
      assertArrayEquals(
          new byte[5_000], client.send(whole, BodyHandlers.ofByteArray()).body());
      HttpRequest reset = HttpRequest.newBuilder(URI.create(mock.url("/reset"))).build();
      try (InputStream in = client.send(reset, BodyHandlers.ofInputStream()).body()) {
        assertEquals('h', in.read());
        gate.open();
        assertThrows(IOException.class, in::readAllBytes);
      }
    } finally {
      ReferenceCountUtil.release(tls); // OpenSSL's contexts keep native key material
    }
  }

  @Test
  void mainPrintsItsPortAndEndsWithItsInput() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8)) {
      MockMain.run(new String[0], InputStream.nullInputStream(), print);
    }
    String line = out.toString(StandardCharsets.UTF_8).strip();
    assertTrue(line.matches("\\{\"port\":[0-9]+}"), line);
    assertNotEquals("{\"port\":0}", line);
  }

  @Test
  void mainTakesNoOtherChoices() {
    try (PrintStream print = new PrintStream(OutputStream.nullOutputStream())) {
      String[] choices = {"0", "journals"};
      assertThrows(
          IllegalArgumentException.class,
          () -> MockMain.run(choices, InputStream.nullInputStream(), print));
    }
  }

  @Test
  void mainTakesThePortItIsTold() {
    try (MockUpstream first = MockUpstream.start(request -> OK);
        PrintStream print = new PrintStream(OutputStream.nullOutputStream())) {
      String[] taken = {Integer.toString(first.port())};
      assertThrows(
          UncheckedIOException.class,
          () -> MockMain.run(taken, InputStream.nullInputStream(), print));
    }
  }
}
