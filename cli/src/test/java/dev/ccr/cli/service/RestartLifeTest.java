package dev.ccr.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A router takes the place of another one, as processes, and what clients see of it. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "a port is shared on Linux only")
final class RestartLifeTest {

  private static final int CLIENTS = 4;
  private static final int ENOUGH = 100; // new connections for each of three routers

  private static final String BEGUN =
      "data: {\"choices\":[{\"delta\":{\"content\":\"begun\"}}]}\n\n";
  private static final String REST =
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

  @TempDir private Path folder = Path.of("unset");

  private final Gate gate = new Gate();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger answers = new AtomicInteger();

  @Test
  void nobodyIsRefusedAndAStreamEndsWhole() throws Exception {
    try (MockUpstream upstream =
            MockUpstream.start(
                request ->
                    request.body().contains("slow")
                        ? Reply.sse().chunk(BEGUN).await(gate).chunk(REST).end()
                        : Reply.sse().chunk(BEGUN).chunk(REST).end());
        Home home = new Home(folder);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      home.configure(upstream.url("/v1/chat/completions"));
      assertEquals(0, home.ccr("start", "--detach").code());
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String request = i % 2 == 0 ? health() : message("m");
        clients.add(threads.submit(() -> ask(home.port(), request)));
      }
      try (Socket slow = new Socket(InetAddress.ofLiteral("127.0.0.1"), home.port())) {
        slow.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Home.PATIENCE_SECONDS));
        slow.getOutputStream().write(bytes(message("slow")));
        String stream = readUntil(slow.getInputStream(), "begun");
        String pid = pid(home);
        Home.Client restart = home.ccr("restart");
        Home.await("the next router", () -> !pid(home).equals(pid));
        awaitAnswers(ENOUGH);
        assertTrue(restart.process().isAlive(), "it waits for the stream");
        gate.open();
        stream += new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(stream.contains("event: message_stop"), stream);
        String said = restart.rest();
        assertTrue(said.startsWith("Restarted the router: it answers on "), said);
        assertEquals(0, restart.code());
      }
      String second = pid(home);
      assertEquals(0, home.ccr("restart").code()); // as often as one likes
      assertNotEquals(second, pid(home));
      awaitAnswers(ENOUGH);
      over.set(true);
      for (Future<?> client : clients) {
        client.get(Home.PATIENCE_SECONDS, TimeUnit.SECONDS); // fails with what the client has seen
      }
    } finally {
      over.set(true);
    }
  }

  @Test
  void whatCannotStartLeavesTheOneThatRuns() throws Exception {
    try (Home home = new Home(folder);
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertEquals(0, home.ccr("start", "--detach").code());
      ServiceInfo before = home.service();
      assertNotNull(before);
      Map<String, String> faults =
          Map.of(
              "{\"PORT\": \"x\"}", "PORT: \"x\"", // the command finds it
              config(home.port(), ", \"UNIX_SOCKET\": \"/proc/ccr.sock\""), // beside, and fails
                  "UNIX_SOCKET: /proc/ccr.sock",
              config(taken.getLocalPort(), ""), "cannot listen on ");
      for (Map.Entry<String, String> fault : faults.entrySet()) {
        home.write(fault.getKey());
        Home.Client restart = home.ccr("restart");
        String said = restart.rest();
        assertTrue(said.contains(fault.getValue()), said);
        assertEquals(1, restart.code());
        assertTrue(home.isHealthy(), said);
        ServiceInfo after = home.service();
        assertNotNull(after);
        assertEquals(before.get(ServiceInfo.PID), after.get(ServiceInfo.PID), said);
        try (ServiceLock lock = ServiceLock.take(home.run().lock(home.port()), 0)) {
          assertNull(lock, said);
        }
      }
      assertEquals(0, home.ccr("stop").code());
      assertNull(home.service());
    }
  }

  @Test
  void thePortStaysIfTheEnvironmentSaidItAndFollowsTheFileOtherwise() throws Exception {
    try (Home home = new Home(folder)) {
      int inFile = freePort();
      home.write(config(inFile, ""));
      String port = String.valueOf(home.port());
      assertEquals(0, home.ccr(Map.of("CCR_PORT", port), "start", "--detach").code());
      String first = pid(home);
      assertEquals(0, home.ccr("restart").code()); // by somebody who does not say it again
      assertNotEquals(first, pid(home));
      assertEquals(0, home.ccr("restart").code()); // and again
      assertTrue(home.isHealthy());
      assertEquals(0, home.ccr("stop").code());

      home.write(config(home.port(), ""));
      assertEquals(0, home.ccr("start", "--detach").code());
      home.write(config(inFile, ""));
      Home.Client restart = home.ccr("restart");
      String said = restart.rest();
      assertEquals(0, restart.code());
      assertTrue(said.contains("it answers on http://127.0.0.1:" + inFile + " "), said);
      assertNull(home.service(), "the one before has ended");
      assertEquals(0, home.ccr("stop").code());
      assertNull(Services.of(home.env()).find());
    }
  }

  @Test
  void oneThatCannotShareItsPortEndsBeforeTheNextOneBegins() throws Exception {
    try (Home home = new Home(folder)) {
      home.write(
          config(home.port(), ", \"UNIX_SOCKET\": \"" + folder.resolve("router.sock") + "\""));
      assertEquals(0, home.ccr("start", "--detach").code());
      String first = pid(home);
      Home.Client restart = home.ccr("restart");
      String said = restart.rest();
      assertTrue(said.startsWith("Connections are refused for a moment: "), said);
      assertEquals(0, restart.code());
      assertNotEquals(first, pid(home));
      assertEquals(0, home.ccr("stop").code());
    }
  }

  @Test
  void oneThatAServiceManagerRunsIsLeftToIt() throws Exception {
    try (Home home = new Home(folder)) {
      home.ccr(Map.of("NOTIFY_SOCKET", folder.resolve("notify").toString()), "start");
      Home.await("it to answer", home::isHealthy);
      String first = pid(home);
      Home.Client restart = home.ccr("restart");
      String said = restart.rest();
      assertTrue(said.contains("systemctl restart"), said);
      assertEquals(1, restart.code());
      assertEquals(first, pid(home));
      assertTrue(home.isHealthy());
    }
  }

  private static String config(int port, String more) {
    return """
        {"PORT": %d,
         "Providers": [{"name": "box", "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
                        "api_key": "", "models": ["m"]}],
         "Router": {"default": "box,m"}%s}
        """
        .formatted(port, more);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return free.getLocalPort();
    }
  }

  private static String pid(Home home) throws Exception {
    ServiceInfo service = home.service();
    assertNotNull(service, "somebody is always known");
    return service.get(ServiceInfo.PID);
  }

  /** Asks until it is all over, each time on a new connection. */
  private Void ask(int port, String request) throws IOException {
    while (!over.get()) {
      try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Home.PATIENCE_SECONDS));
        socket.getOutputStream().write(bytes(request));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
        assertTrue(
            answer.contains("\"status\":\"ok\"") || answer.contains("event: message_stop"),
            answer);
        answers.incrementAndGet();
      }
    }
    return null;
  }

  private void awaitAnswers(int more) throws Exception {
    int enough = answers.get() + more;
    Home.await("answers, or a client has failed", () -> answers.get() >= enough);
  }

  private static String health() {
    return "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
  }

  private static String message(String model) {
    String body =
        "{\"model\":\"box," + model + "\",\"max_tokens\":9,\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    return "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
        + "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n"
        + body;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String readUntil(InputStream in, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = in.read();
      assertTrue(next >= 0, text::toString);
      text.append((char) next);
    }
    return text.toString();
  }
}
