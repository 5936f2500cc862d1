package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients with keys of their own at a whole router. */
final class ClientKeysLineTest {

  private static final String ALICE = "alice-key-0123456789";
  private static final String BOB = "bob-key-0123456789-x";

  private static Config config(MockUpstream upstream, String clients) throws Exception {
    return ConfigReader.parse(
        "test.json",
        """
        {"CLIENT_KEYS": [%s], "Providers": [
           {"name": "p", "api_base_url": "%s", "api_key": "k", "models": ["hello", "tool"]},
           {"name": "q", "api_base_url": "%s", "api_key": "k", "models": ["hello"]}],
         "Router": {"default": "p,hello", "background": "q,hello"}}
        """
            .formatted(
                clients,
                upstream.url("/v1/chat/completions"),
                upstream.url("/v1/chat/completions")),
        Map.of("CCR_PORT", "0"));
  }

  private static String client(String name, String key, String more) {
    return "{\"name\": \"%s\", \"key\": \"%s\"%s}".formatted(name, key, more);
  }

  private static HttpResponse<String> ask(Router router, String key, String path, String body)
      throws Exception {
    HttpRequest.Builder request = router.request(path).setHeader("x-api-key", key);
    return router.send(
        (body.isEmpty()
                ? request
                : request.POST(HttpRequest.BodyPublishers.ofString(body)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest(name = "{0} may not use {1}: {2}")
  @CsvSource({
    "hello, 'p,hello', 200",
    "hello, 'q,hello', 200",
    "hello, 'p,tool', 403",
    "HELL*, 'p,hello', 200",
    "'p,*', 'p,tool', 200",
    "'p,*', 'q,hello', 403",
    "'q,*', 'claude-ccr-q,hello', 200",
    "'q,*', 'claude-ccr-p,hello', 403",
    "'q,*', 'claude-haiku-4-5', 200",
    "'p,*', 'claude-haiku-4-5', 403",
    "'q,*', 'claude-opus-4', 403",
    "'*opus*', 'claude-opus-4', 403",
  })
  void whereARequestIsRoutedToDecides(String pattern, String model, int status)
      throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router =
            Router.start(
                config(
                    upstream,
                    client("alice", ALICE, ", \"models\": [\"" + pattern + "\"]")))) {
      for (String path : new String[] {"/v1/messages", "/v1/messages/count_tokens"}) {
        HttpResponse<String> answer =
            ask(router, ALICE, path, Chat.request(model, false));
        assertEquals(status, answer.statusCode(), answer.body());
        if (status == 403) {
          assertTrue(answer.body().contains("\"permission_error\""), answer.body());
          assertTrue(answer.body().contains("the key of alice"), answer.body());
          assertFalse(answer.body().contains(ALICE), answer.body());
        }
      }
    }
  }

  @Test
  void aListOfModelsHasThoseThatTheKeyOpens() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router =
            Router.start(
                config(
                    upstream,
                    client("alice", ALICE, ", \"models\": [\"p,*\"]") + ","
                        + client("bob", BOB, "")))) {
      String alices = ask(router, ALICE, "/v1/models", "").body();
      assertTrue(alices.contains("\"p,tool\""), alices);
      assertFalse(alices.contains("q,hello"), alices);
      assertEquals(404, ask(router, ALICE, "/v1/models/q,hello", "").statusCode());
      assertTrue(ask(router, BOB, "/v1/models", "").body().contains("\"q,hello\""));
      assertEquals(200, ask(router, BOB, "/v1/models/q,hello", "").statusCode());
    }
  }

  @Test
  void aReloadAddsAndRemovesKeys() throws Exception {
    String body = Chat.request("hello", false);
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = Router.start(config(upstream, client("alice", ALICE, "")))) {
      assertEquals(200, ask(router, ALICE, "/v1/messages", body).statusCode());
      assertEquals(401, ask(router, BOB, "/v1/messages", body).statusCode());
      router.listener().loaded(config(upstream, client("bob", BOB, "")));
      assertEquals(401, ask(router, ALICE, "/v1/messages", body).statusCode());
      assertEquals(200, ask(router, BOB, "/v1/messages", body).statusCode());
    }
  }
}
