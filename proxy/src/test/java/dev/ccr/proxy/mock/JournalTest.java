package dev.ccr.proxy.mock;

import static dev.ccr.proxy.mock.ScenarioClient.CHAT;
import static dev.ccr.proxy.mock.ScenarioClient.CLAUDE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JournalTest {

  @Test
  void tellsWhatAScriptWasAskedInItsOrder() throws Exception {
    try (ScenarioClient client = new ScenarioClient(new Journal(new Scenarios()))) {
      assertEquals("[]", client.get("/requests").body());
      assertEquals(200, client.post(CHAT, "hello", true, "\"a-word\"").statusCode());
      assertEquals(401, client.post(CLAUDE, "error-401", false, "\"a-word\"").statusCode());
      assertEquals(200, client.post(CHAT, "hello", true, "\"another\"").statusCode());
      assertEquals(400, client.post(CHAT, "{\"model\":\"hello\"").statusCode());
      assertEquals(404, client.get("/other").statusCode());

      HttpResponse<String> some = client.get("/requests?a-word");
      assertEquals(200, some.statusCode());
      assertEquals(
          Map.of(
              "/0/path", "/v1/chat/completions",
              "/0/body/model", "hello",
              "/0/body/messages/0", "a-word",
              "/0/body/stream", "true",
              "/1/path", "/v1/messages",
              "/1/body/model", "error-401",
              "/1/body/messages/0", "a-word",
              "/1/body/stream", "false"),
          JsonLeaves.of(some.body()));
      Map<String, String> all = JsonLeaves.of(client.get("/requests").body());
      assertEquals("another", all.get("/2/body/messages/0"));
      assertEquals(3 * 4, all.size());
    }
  }
}
