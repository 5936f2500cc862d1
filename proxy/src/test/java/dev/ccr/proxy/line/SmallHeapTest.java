package dev.ccr.proxy.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.RouterMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router that has 64 MB for everything, and 200 clients who want more than that. */
final class SmallHeapTest {

  private static final int CLIENTS = 200;
  private static final int LARGE = 2 << 20;

  /** How many of them may be in flight: a quarter of the memory. */
  private static final int ROOM = 8;

  private static final int SLOW = 40;
  private static final String MEMORY = "64m";
  private static final Reply ANSWER = Reply.sse().chunk(Chat.STOP).chunk(Chat.DONE).end();
  private static final int PATIENCE_MILLIS = 60_000;

  /** Two megabytes: more than sockets keep. */
  private static final Reply LONG =
      Reply.sse(Collections.nCopies(128, Chat.text("word ".repeat(3_000))));

  @TempDir private Path folder = Path.of("unset");

  private final Gate gate = new Gate();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private MockUpstream upstream;
  private Process router;
  private int port;

  @BeforeEach
  void start() throws IOException {
    upstream =
        MockUpstream.with(
                request ->
                    switch (request.path()) {
                      case "/long" -> LONG;
                      case "/held" -> Reply.sse().await(gate).chunk(Chat.DONE).end();
                      default -> ANSWER;
                    })
            .recording(false)
            .start();
    String providers =
        "{\"name\": \"%s\", \"api_base_url\": \"%s\", \"api_key\": \"k\", \"profile\": \"plain\"}";
    String config =
        "{\"Providers\": [%s, %s, %s], \"Router\": {\"default\": \"quick,m\"}}"
            .formatted(
                providers.formatted("quick", upstream.url("/quick")),
                providers.formatted("held", upstream.url("/held")),
                providers.formatted("long", upstream.url("/long")));
    router =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + MEMORY,
                "-XX:MaxDirectMemorySize=" + MEMORY,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                RouterMain.class.getName(),
                config)
            .redirectError(errors().toFile())
            .start();
    BufferedReader out = new BufferedReader(new InputStreamReader(router.getInputStream(), UTF_8));
    String line = "";
    while (!line.matches("\\d+")) { // before it there may be a log
      line = String.valueOf(out.readLine());
      assertFalse(line.equals("null"), () -> "it has not started: " + told());
    }
    port = Integer.parseInt(line);
    clients.submit(() -> out.transferTo(java.io.Writer.nullWriter()));
  }

  @AfterEach
  void stop() throws Exception {
    gate.open();
    clients.shutdownNow();
    router.getOutputStream().close();
    if (!router.waitFor(20, TimeUnit.SECONDS)) {
      router.destroyForcibly();
    }
    upstream.close();
  }

  private Path errors() {
    return folder.resolve("errors");
  }

  private String told() {
    try {
      return Files.readString(errors());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
    return socket;
  }

  private static String head(int length) {
    return "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: " + length + "\r\n\r\n";
  }

  private static String body(String provider, int size) {
    String body = Chat.request(provider + ",m", true);
    return body.replace("Hello", "Hello" + "x".repeat(Math.max(0, size - body.length())));
  }

  /** The answer to a request, to its end. */
  private String ask(String provider, int size) throws IOException {
    String body = body(provider, size);
    try (Socket client = connect()) {
      client.getOutputStream().write((head(body.length()) + body).getBytes(UTF_8));
      return read(client);
    }
  }

  private static String read(Socket client) throws IOException {
    StringBuilder answer = new StringBuilder();
    byte[] read = new byte[8 << 10];
    while (answer.indexOf("message_stop") < 0 && answer.indexOf("request_id") < 0) {
      int count = client.getInputStream().read(read);
      if (count < 0) {
        return "cut: " + answer;
      }
      answer.append(new String(read, 0, count, UTF_8));
    }
    return answer.toString();
  }

  private void assertItLives() throws IOException {
    assertTrue(router.isAlive(), this::told);
    long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
    String answer = "";
    while (!answer.contains("message_stop")) { // as soon as it has let go of the others
      assertTrue(System.nanoTime() < deadline, answer);
      answer = ask("quick", LARGE);
    }
    assertFalse(told().contains("OutOfMemory"), this::told);
  }

  private String metric(String name) throws IOException {
    try (Socket client = connect()) {
      client
          .getOutputStream()
          .write("GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".getBytes(UTF_8));
      String text = new String(client.getInputStream().readAllBytes(), UTF_8);
      return text.lines()
          .filter(line -> line.startsWith(name + " "))
          .map(line -> line.substring(name.length() + 1))
          .findFirst()
          .orElse("");
    }
  }

  private void awaitMetric(String name, String value) throws IOException {
    long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
    for (String now = ""; !now.equals(value); now = metric(name)) {
      assertTrue(System.nanoTime() < deadline, name + " " + now);
    }
  }

  @Test
  void moreLargeBodiesThanThereIsRoomForAreRefusedFromTheirHeads() throws Exception {
    String body = body("quick", LARGE);
    List<Socket> admitted = new ArrayList<>();
    for (int i = 0; i < ROOM; i++) {
      Socket client = connect();
      client.getOutputStream().write((head(LARGE) + body.substring(0, 1_000)).getBytes(UTF_8));
      admitted.add(client);
      awaitMetric("ccr_requests_admitted", (i + 1) + ".0");
    }
    for (int i = ROOM; i < CLIENTS; i++) {
      try (Socket client = connect()) {
        String sent = i % 10 == 0 ? body : body.substring(0, 1_000); // some write all the same
        client.getOutputStream().write((head(LARGE) + sent).getBytes(UTF_8));
        String answer = read(client);
        assertTrue(answer.startsWith("HTTP/1.1 529"), answer);
        assertTrue(answer.contains("\r\nretry-after: "), answer);
      }
    }
    for (Socket client : admitted) {
      client.getOutputStream().write(body.substring(1_000).getBytes(UTF_8));
      assertTrue(read(client).contains("message_stop"), "whoever was let in is answered");
      client.close();
    }
    assertItLives();
  }

  @Test
  void clientsWhoDoNotReadAreBoundedAndTheirBytesGivenBack() throws Exception {
    List<Socket> slow = new ArrayList<>();
    byte[] request = (head(body("long", 0).length()) + body("long", 0)).getBytes(UTF_8);
    for (int i = 0; i < SLOW; i++) {
      Socket client = connect();
      slow.add(client);
      client.getOutputStream().write(request);
    }
    assertItLives(); // for others, though their answers are kept
    for (Socket client : slow) {
      client.close();
    }
    assertItLives();
    awaitMetric("ccr_requests_admitted", "0.0");
  }

  @Test
  void aBodyThatWaitsForItsUpstreamIsNotKeptForIt() throws Exception {
    List<Future<String>> held = new ArrayList<>();
    int bodies = 2 * ROOM;
    for (int i = 0; i < bodies; i++) {
      held.add(clients.submit(() -> ask("held", LARGE)));
      awaitMetric("ccr_requests_admitted", (i + 1) + ".0");
      awaitMetric("ccr_bytes_in_flight", "0.0");
    }
    gate.open();
    for (Future<String> each : held) {
      assertTrue(
          each.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).contains("message_stop"), "whole");
    }
    assertItLives();
  }
}
