package dev.ccr.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Routers as processes that end while their clients are being answered. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signals there")
final class DrainLifeTest {

  private static final String TEXT = "data: {\"choices\":[{\"delta\":{\"content\":\"begun\"}}]}\n\n";
  private static final String REST =
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

  @TempDir private Path folder = Path.of("unset");

  private final Gate inTime = new Gate();
  private final Gate never = new Gate();

  private MockUpstream upstream() {
    return MockUpstream.start(
        request ->
            Reply.sse()
                .chunk(TEXT)
                .await(request.body().contains("\"slow\"") ? never : inTime)
                .chunk(REST)
                .end());
  }

  /** Begins a stream; what comes of it, once it has said something. */
  private static Future<String> stream(
      Home home, HttpClient client, ExecutorService threads, String model) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + home.port() + "/v1/messages"))
            .timeout(Duration.ofSeconds(Home.PATIENCE_SECONDS))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"box," + model + "\",\"max_tokens\":9,\"stream\":true,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"))
            .build();
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(),
                StandardCharsets.UTF_8));
    String line = lines.readLine();
    while (line != null && !line.contains("begun")) {
      line = lines.readLine();
    }
    assertNotNull(line, "it ended before it began");
    return threads.submit(() -> lines.lines().collect(Collectors.joining("\n")));
  }

  private static String end(Future<String> stream) throws Exception {
    return stream.get(Home.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void atASignalStreamsFinishAndAtASecondOneTheyEnd() throws Exception {
    try (MockUpstream upstream = upstream();
        Home home = new Home(folder);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newHttpClient()) {
      home.configure(upstream.url("/v1/chat/completions"));
      Home.Client start = home.ccr("start");
      awaitLine(start, "ccr answers on ");
      List<Future<String>> quick = new ArrayList<>();
      List<Future<String>> slow = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        quick.add(stream(home, client, threads, "m"));
        slow.add(stream(home, client, threads, "slow"));
      }
      ProcessHandle router = start.process().toHandle();
      router.destroy(); // SIGTERM
      Home.await("it to drain", () -> home.service() == null || refuses(home));
      inTime.open();
      for (Future<String> stream : quick) {
        String rest = end(stream);
        assertTrue(rest.contains("event: message_stop"), rest);
      }
      assertTrue(router.isAlive(), "it waits for the others");
      router.destroy();
      for (Future<String> stream : slow) {
        String rest = end(stream);
        assertTrue(rest.contains("\"type\":\"overloaded_error\""), rest);
        assertFalse(rest.contains("message_stop"), rest);
      }
      start.rest();
      assertEquals(128 + 15, start.code());
    }
  }

  @Test
  void stopWaitsForStreamsAndStopNowDoesNot() throws Exception {
    try (MockUpstream upstream = upstream();
        Home home = new Home(folder);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newHttpClient()) {
      home.configure(upstream.url("/v1/chat/completions"));
      assertEquals(0, home.ccr("start", "--detach").code());
      Future<String> quick = stream(home, client, threads, "m");
      Future<String> slow = stream(home, client, threads, "slow");
      Home.Client stop = home.ccr("stop");
      Home.await("it to drain", () -> refuses(home));
      inTime.open();
      assertTrue(end(quick).contains("event: message_stop"));
      assertTrue(stop.process().isAlive(), "it waits for the other");
      Home.Client now = home.ccr("stop", "--now");
      assertTrue(now.rest().startsWith("Stopped the router"));
      assertTrue(end(slow).contains("\"type\":\"overloaded_error\""));
      assertTrue(stop.rest().startsWith("Stopped the router"));
      assertEquals(0, stop.code());
      assertEquals(0, now.code());
    }
  }

  private static boolean refuses(Home home) {
    try (Socket _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), home.port())) {
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  private static void awaitLine(Home.Client client, String start) throws IOException {
    String line = client.out().readLine();
    while (line != null && !line.startsWith(start)) {
      line = client.out().readLine();
    }
    assertNotNull(line, start);
  }
}
