package dev.ccr.proxy.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A mock with the scenarios, and a client that asks it in either format. */
final class ScenarioClient implements AutoCloseable {
  static final String CHAT = "/v1/chat/completions";
  static final String CLAUDE = "/v1/messages?beta=true";
  private static final Duration SOON = Duration.ofSeconds(20);

  final MockUpstream mock;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  ScenarioClient() {
    this(new Scenarios());
  }

  ScenarioClient(Script script) {
    mock = MockUpstream.start(script);
  }

  @Override
  public void close() {
    client.shutdownNow();
    mock.close();
  }

  /** The data of a chat stream, which must end as OpenAI's do. */
  List<Map<String, String>> chatChunks(String model, String messages) throws Exception {
    HttpResponse<String> response = post(CHAT, model, true, messages);
    assertEquals(200, response.statusCode());
    List<Map<String, String>> chunks = new ArrayList<>();
    assertTrue(response.body().endsWith("\n\ndata: [DONE]\n\n"));
    for (String event : response.body().strip().split("\n\n", -1)) {
      String data = event.substring("data: ".length());
      if (!data.equals("[DONE]")) {
        Map<String, String> chunk = JsonLeaves.of(data);
        assertEquals("chat.completion.chunk", chunk.get("/object"));
        chunks.add(chunk);
        assertEquals(chunks.getFirst().get("/id"), chunk.get("/id"));
      }
    }
    chunks.stream()
        .limit(chunks.size() - 1)
        .forEach(chunk -> assertEquals("null", chunk.get("/usage"), "usage comes last"));
    return chunks;
  }

  /** The data of a Claude stream, each with the name of its event. */
  List<Map<String, String>> claudeEvents(String model, String messages) throws Exception {
    HttpResponse<String> response = post(CLAUDE, model, true, messages);
    assertEquals(200, response.statusCode());
    List<Map<String, String>> events = new ArrayList<>();
    for (String event : response.body().strip().split("\n\n", -1)) {
      String[] lines = event.split("\n", -1);
      assertEquals(2, lines.length, event);
      Map<String, String> data = JsonLeaves.of(lines[1].substring("data: ".length()));
      assertEquals("event: " + data.get("/type"), lines[0]);
      events.add(data);
    }
    return events;
  }

  /** A field of all events in one; {@code null} is as good as absent. */
  static String join(List<Map<String, String>> events, String pointer) {
    return events.stream()
        .map(event -> event.getOrDefault(pointer, "null"))
        .filter(text -> !text.equals("null"))
        .collect(Collectors.joining());
  }

  HttpResponse<String> post(String path, String model, boolean stream, String messages)
      throws IOException, InterruptedException {
    return post(path, body(model, stream, messages));
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(mock.url(path))).timeout(SOON);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** A request; messages are the elements of its list. */
  static String body(String model, boolean stream, String messages) {
    return "{\"model\": \"" + model + "\", \"messages\": [" + messages + "], \"stream\": " + stream
        + "}";
  }

  /** A request as it stands on the wire. */
  static String http(String path, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "POST " + path + " HTTP/1.1\r\ncontent-length: " + length + "\r\n\r\n" + body;
  }
}
