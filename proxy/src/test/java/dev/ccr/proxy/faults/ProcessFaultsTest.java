package dev.ccr.proxy.faults;

import static dev.ccr.proxy.testing.Sockets.skipTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.MockMain;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Jvm;
import dev.ccr.proxy.testing.Router;
import dev.ccr.proxy.testing.RouterProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the system may do to a process: stop it, or let it have no more files. */
@EnabledOnOs(OS.LINUX)
final class ProcessFaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** More than the JVM opens for itself and its class path, and less than the clients there are. */
  private static final int DESCRIPTORS = 200;

  private static final int CLIENTS = 300;

  @Test
  void anUpstreamThatIsStoppedIsLateAndAnswersAgainWhenItGoesOn() throws Exception {
    Process upstream =
        Jvm.of(List.of(), MockMain.class, "0")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = lines(upstream)) {
      String port = out.readLine().replaceAll("\\D", "");
      Config config = config("http://127.0.0.1:" + port, ", \"STREAM_IDLE_TIMEOUT_MS\": 1000");
      try (Router router = Router.start(config)) {
        String whole = router.post(Chat.request("openai,hello", true)).body();
        try (Socket client = router.connect()) {
          client.getOutputStream().write(Router.raw(Chat.request("openai,slow", true)));
          BufferedReader answer =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
          skipTo(answer, "content_block_delta");
          signal("STOP", upstream);
          skipTo(answer, "\"timeout_error\"");
        }
        signal("CONT", upstream);
        assertEquals(whole, router.post(Chat.request("openai,hello", true)).body());
      }
    } finally {
      upstream.destroyForcibly().waitFor();
    }
  }

  @Test
  void aRouterWithoutDescriptorsLeftServesAgainWhenThereAreSome(@TempDir Path folder)
      throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        RouterProcess router =
            RouterProcess.start(
                Jvm.limited(
                    "-n " + DESCRIPTORS,
                    RouterProcess.program(List.of(), text(upstream.url(""), ""))),
                folder)) {
      for (int i = 0; i < 3; i++) { // classes are read from files, which take descriptors too
        router.connect().close();
        assertEquals(200, ask(router.port()));
      }
      List<Socket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < CLIENTS; i++) {
          clients.add(router.connect());
        }
        awaitDescriptors(router.process());
      } finally {
        for (Socket client : clients) {
          client.close();
        }
      }
      assertEquals(200, ask(router.port()), router::errors);
      assertTrue(router.process().isAlive(), router::errors);
    }
  }

  /** Waits until a process has all the files that it may have. */
  private static void awaitDescriptors(Process process) throws IOException {
    Path all = Path.of("/proc", Long.toString(process.pid()), "fd");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (long open = 0; open < DESCRIPTORS; ) {
      assertTrue(System.nanoTime() < deadline, open + " files open");
      try (Stream<Path> files = Files.list(all)) {
        open = files.count();
      }
    }
  }

  private static int ask(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/messages"))
              .version(HttpClient.Version.HTTP_1_1)
              .timeout(PATIENCE)
              .header("x-api-key", Router.KEY)
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(Chat.request("openai,hello", true)))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }
  }

  private static void signal(String name, Process process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertTrue(kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && kill.exitValue() == 0);
  }

  private static Config config(String origin, String more) throws Exception {
    return ConfigReader.parse("test.json", text(origin, more), Map.of("CCR_PORT", "0"));
  }

  private static String text(String origin, String more) {
    return """
        {"HOST": "127.0.0.1", "APIKEY": "%s",
         "Providers": [{"name": "openai", "api_base_url": "%s/v1/chat/completions",
                        "api_key": "k", "models": ["hello"]}]%s}
        """
        .formatted(Router.KEY, origin, more);
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
