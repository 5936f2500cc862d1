package dev.ccr.proxy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.MockMain;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the system may do to a process: stop it, or let it have no more files. */
@EnabledOnOs(OS.LINUX)
final class ProcessFaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** More than the JVM opens for itself and its class path, and less than the clients there are. */
  private static final int DESCRIPTORS = 200;

  private static final int CLIENTS = 300;

  @Test
  void anUpstreamThatIsStoppedIsLateAndAnswersAgainWhenItGoesOn() throws Exception {
    Process upstream = java(List.of(), MockMain.class, "0");
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
          readTo(answer, "content_block_delta");
          signal("STOP", upstream);
          readTo(answer, "\"timeout_error\"");
        }
        signal("CONT", upstream);
        assertEquals(whole, router.post(Chat.request("openai,hello", true)).body());
      }
    } finally {
      upstream.destroyForcibly().waitFor();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "faults.all", matches = "true")
  void aRouterWithoutDescriptorsLeftServesAgainWhenThereAreSome() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios())) {
      Process process =
          java(
              List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "sh"),
              SmallRouter.class,
              text(upstream.url(""), ""));
      try (BufferedReader out = lines(process)) {
        int port = Integer.parseInt(out.readLine());
        for (int i = 0; i < 3; i++) { // classes are read from files, which take descriptors too
          new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
          assertEquals(200, ask(port));
        }
        List<Socket> clients = new ArrayList<>();
        try {
          for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Socket(InetAddress.ofLiteral("127.0.0.1"), port));
          }
        } finally {
          for (Socket client : clients) {
            client.close();
          }
        }
        assertEquals(200, ask(port));
        assertTrue(process.isAlive());
      } finally {
        process.destroyForcibly().waitFor();
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

  private static void readTo(BufferedReader answer, String word) throws IOException {
    for (String line; (line = answer.readLine()) != null; ) {
      if (line.contains(word)) {
        return;
      }
    }
    throw new AssertionError("the answer ended without " + word);
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

  private static Process java(List<String> before, Class<?> program, String argument)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    Collections.addAll(
        command,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx128m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        program.getName(),
        argument);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
