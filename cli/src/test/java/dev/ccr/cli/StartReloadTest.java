package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ccr start} as a process: what only a process has is signals and a log. */
final class StartReloadTest {

  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path folder = Path.of("unset");

  @Test
  void filesAndSignalsReloadAndTheLogLevelAppliesAtOnce() throws Exception {
    assumeFalse(System.getProperty("os.name", "").startsWith("Windows"), "no SIGHUP there");
    assumeTrue(hangupsArrive(), "SIGHUP is ignored, as under nohup, and children inherit that");
    Path file = folder.resolve("config.json");
    write(file, "\"LOG_LEVEL\": \"error\"");
    Process router = start(file);
    try (BufferedReader out = reader(router.getInputStream());
        BufferedReader log = reader(router.getErrorStream());
        HttpClient client = HttpClient.newHttpClient()) {
      String answers = String.valueOf(out.readLine());
      assertTrue(answers.startsWith("ccr answers on "), answers);
      URI health = URI.create(answers.replace("ccr answers on ", "") + "/health");

      Files.writeString(file, "{\"PORT\": \"x\"");
      awaitLine(log, "config.json:1: ");
      String rejected = get(client, health);
      assertTrue(rejected.contains("\"state\":\"rejected\""), rejected);

      write(file, "\"LOG_LEVEL\": \"debug\", \"PORT\": 7");
      signal(router);
      awaitHealth(
          client, health, "\"problems\":[],\"needs_restart\":[]}"); // CCR_PORT overrides the file
      signal(router);
      awaitLine(log, "configuration loaded"); // an entry of a level that the file has just set
      get(client, health);
      awaitLine(log, "GET /health");
    } finally {
      router.destroy();
      assertTrue(router.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends");
    }
    assertEquals(128 + 15, router.exitValue(), "by SIGTERM");
  }

  private static Process start(Path file) throws IOException {
    ProcessBuilder builder = Jvm.of(List.of(), "dev.ccr.cli.Main", List.of("start"));
    builder.environment().putAll(Map.of("CCR_CONFIG_PATH", file.toString(), "CCR_PORT", "0"));
    Process router = builder.start();
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(router::destroyForcibly); // whoever waits for its output then sees the end
    return router;
  }

  /** Whether a program that we start and that does not know the signal is ended by it. */
  private static boolean hangupsArrive() throws Exception {
    return new ProcessBuilder("sh", "-c", "kill -HUP $$").start().waitFor() == 128 + 1;
  }

  private static void signal(Process router) throws Exception {
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -HUP " + router.pid()).inheritIO().start();
    assertEquals(0, kill.waitFor());
  }

  /** Reads until a line comes that contains the text; the end of the log is a failure. */
  private static void awaitLine(BufferedReader log, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line; (line = log.readLine()) != null; ) {
      seen.append(line).append('\n');
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("no line with " + text + " in:\n" + seen);
  }

  private static void awaitHealth(HttpClient client, URI uri, String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String health = get(client, uri);
    while (!health.contains(text) && System.nanoTime() < deadline) {
      health = get(client, uri);
    }
    assertTrue(health.contains(text), health);
  }

  private static String get(HttpClient client, URI uri) throws Exception {
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static void write(Path file, String fields) throws IOException {
    Files.writeString(
        file,
        """
        {%s,
         "Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
         "Router": {"default": "p,m"}}
        """
            .formatted(fields));
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }
}
