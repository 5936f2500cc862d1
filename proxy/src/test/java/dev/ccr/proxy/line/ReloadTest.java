package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.skipTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.ConfigWatcher;
import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of a configuration that is replaced while the router runs. */
final class ReloadTest {

  private static final Map<String, String> ENV = Map.of("CCR_PORT", "0");

  @TempDir private Path folder = Path.of("unset");

  @Test
  void aStreamUnderWayKeepsItsConfigurationAndTheNextRequestGetsTheNewOne() throws Exception {
    Gate gate = new Gate();
    Reply held =
        Reply.sse().chunk(Chat.text("one")).await(gate).chunk(Chat.text("two") + Chat.DONE).end();
    Path file = folder.resolve("config.json");
    try (MockUpstream old = MockUpstream.start(request -> held);
        MockUpstream other = MockUpstream.start(request -> whole("new"))) {
      Files.writeString(file, config("old", old, Router.KEY));
      try (ConfigWatcher watcher = new ConfigWatcher(file, ENV);
          Router router = Router.start(watcher.read());
          BufferedReader stream = stream(router)) {
        watcher.start(router.listener());
        skipTo(stream, "one");
        Files.writeString(file, config("other", other, "another-key"));
        watcher.reload();
        assertEquals(401, router.post(Chat.request("x", true)).statusCode(), "the key has changed");
        HttpResponse<String> next =
            router.send(
                HttpRequest.newBuilder(router.request("/v1/messages").build().uri())
                    .header("x-api-key", "another-key")
                    .POST(HttpRequest.BodyPublishers.ofString(Chat.request("x", true)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals("other", next.headers().firstValue("x-ccr-provider").orElse(""));
        assertTrue(next.body().contains("new"), next.body());
        gate.open();
        assertTrue(stream.lines().anyMatch("event: message_stop"::equals), "the old one is whole");
      }
    }
  }

  @Test
  void aBadFileChangesNothingAndIsToldUntilItIsMended() throws Exception {
    Path file = folder.resolve("config.json");
    try (MockUpstream upstream = MockUpstream.start(request -> whole("a"))) {
      Files.writeString(file, config("old", upstream, Router.KEY));
      try (ConfigWatcher watcher = new ConfigWatcher(file, ENV);
          Router router = Router.start(watcher.read())) {
        watcher.start(router.listener());
        Files.writeString(
            file, config("old", upstream, Router.KEY).replace("\"Router\"", "\"Router"));
        watcher.reload();
        String health = health(router);
        assertTrue(health.contains("\"config\":{\"state\":\"rejected\""), health);
        assertTrue(health.contains("config.json:3: column "), health);
        HttpResponse<String> answer = router.post(Chat.request("x", true));
        assertEquals("old", answer.headers().firstValue("x-ccr-provider").orElse(""));
        Files.writeString(file, config("new", upstream, Router.KEY));
        watcher.reload();
        assertTrue(health(router).contains("\"config\":{\"state\":\"ok\""), health(router));
        answer = router.post(Chat.request("x", true));
        assertEquals("new", answer.headers().firstValue("x-ccr-provider").orElse(""));
      }
    }
  }

  private static Reply whole(String text) {
    return Reply.sse(List.of(Chat.text(text), Chat.DONE));
  }

  private static BufferedReader stream(Router router) throws Exception {
    HttpRequest request =
        router
            .request("/v1/messages")
            .POST(HttpRequest.BodyPublishers.ofString(Chat.request("x", true)))
            .build();
    return new BufferedReader(
        new InputStreamReader(
            router.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(),
            StandardCharsets.UTF_8));
  }

  private static String health(Router router) throws Exception {
    return router
        .send(router.request("/health").build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String config(String provider, MockUpstream upstream, String key) {
    return """
        {"APIKEY": "%s",
         "Providers": [{"name": "%s", "api_base_url": "%s", "api_key": "k", "models": []}],
         "Router": {"default": "%s,m"}}
        """
        .formatted(key, provider, upstream.url("/v1/chat/completions"), provider);
  }
}
