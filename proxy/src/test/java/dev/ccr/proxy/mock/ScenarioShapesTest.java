package dev.ccr.proxy.mock;

import static dev.ccr.proxy.mock.ScenarioClient.CHAT;
import static dev.ccr.proxy.mock.ScenarioClient.CLAUDE;
import static dev.ccr.proxy.mock.ScenarioClient.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenarios whose answers are more, or less, than a text. */
final class ScenarioShapesTest {
  private static final String CALL = "/choices/0/delta/tool_calls/0";
  private static final String IMAGE =
      "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"See\"},"
          + "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\","
          + "\"data\":\"AA==\"}}]}";

  private ScenarioClient client;

  @BeforeEach
  void start() {
    client = new ScenarioClient();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void thoughtsComeBeforeTheText() throws Exception {
    List<Map<String, String>> chunks = client.chatChunks("thinking", "");
    assertEquals(Scenarios.THOUGHT, join(chunks, "/choices/0/delta/reasoning_content"));
    assertEquals(Scenarios.HELLO, join(chunks, "/choices/0/delta/content"));
    Map<String, String> completion = whole(CHAT, "thinking");
    assertEquals(Scenarios.THOUGHT, completion.get("/choices/0/message/reasoning_content"));
    assertEquals(Scenarios.HELLO, completion.get("/choices/0/message/content"));

    List<Map<String, String>> events = client.claudeEvents("thinking", "");
    assertEquals(Scenarios.THOUGHT, join(events, "/delta/thinking"));
    assertEquals(Scenarios.SIGNATURE, join(events, "/delta/signature"));
    assertEquals(Scenarios.HELLO, join(events, "/delta/text"));
    assertEquals(List.of("thinking 0", "text 1"), blocks(events));
    Map<String, String> message = whole(CLAUDE, "thinking");
    assertEquals(Scenarios.THOUGHT, message.get("/content/0/thinking"));
    assertEquals(Scenarios.SIGNATURE, message.get("/content/0/signature"));
    assertEquals(Scenarios.HELLO, message.get("/content/1/text"));
  }

  @Test
  void chatCallsInParallelAlternate() throws Exception {
    List<Map<String, String>> chunks = client.chatChunks("parallel-tools", "");
    List<String> indices =
        chunks.stream().map(chunk -> chunk.get(CALL + "/index")).filter(Objects::nonNull).toList();
    assertEquals(List.of("0", "1", "0", "1"), indices.subList(0, 4));
    List<String> calls = List.of(Scenarios.TOOL_ARGUMENTS, Scenarios.MORE_TOOL_ARGUMENTS);
    Map<String, String> completion = whole(CHAT, "parallel-tools");
    for (int i = 0; i < 2; i++) {
      String index = Integer.toString(i);
      List<Map<String, String>> own =
          chunks.stream().filter(chunk -> index.equals(chunk.get(CALL + "/index"))).toList();
      assertEquals("call_mock000" + (i + 1), join(own, CALL + "/id"));
      assertEquals("get_weather", join(own, CALL + "/function/name"));
      assertEquals(calls.get(i), join(own, CALL + "/function/arguments"));
      String whole = "/choices/0/message/tool_calls/" + i;
      assertEquals("call_mock000" + (i + 1), completion.get(whole + "/id"));
      assertEquals(calls.get(i), completion.get(whole + "/function/arguments"));
    }
  }

  @Test
  void claudeCallsInParallelAreBlocks() throws Exception {
    List<Map<String, String>> events = client.claudeEvents("parallel-tools", "");
    assertEquals(List.of("tool_use 0", "tool_use 1"), blocks(events));
    assertEquals(
        Scenarios.TOOL_ARGUMENTS + Scenarios.MORE_TOOL_ARGUMENTS,
        join(events, "/delta/partial_json"));
    Map<String, String> message = whole(CLAUDE, "parallel-tools");
    assertEquals("toolu_mock0002", message.get("/content/1/id"));
    assertEquals("Bergen", message.get("/content/1/input/city"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tool", "parallel-tools"})
  void noToolIsCalledThatMustNotBe(String model) throws Exception {
    Map<String, String> chat = choosing(CHAT, model, "\"none\"");
    assertEquals(Scenarios.HELLO, chat.get("/choices/0/message/content"));
    Map<String, String> claude = choosing(CLAUDE, model, "{\"type\":\"none\"}");
    assertEquals(Scenarios.HELLO, claude.get("/content/0/text"));
  }

  @Test
  void onlyANeededToolIsCalled() throws Exception {
    String name = "/choices/0/message/tool_calls/0/function/name";
    assertEquals("first", choosing(CHAT, "needed-tool", "\"required\"").get(name));
    String any = "{\"type\":\"any\"}";
    assertEquals("first", choosing(CLAUDE, "needed-tool", any).get("/content/0/name"));
    String auto = "{\"type\":\"auto\"}";
    assertEquals(
        Scenarios.HELLO, choosing(CLAUDE, "needed-tool", auto).get("/content/0/text"));
  }

  @ParameterizedTest
  @CsvSource({CHAT + ", 64, 200", CHAT + ", 65, 400", CLAUDE + ", 128, 200", CLAUDE + ", 129, 400"})
  void aToolsNameMayBeTooLong(String path, int length, int status) throws Exception {
    String tool = "{\"type\":\"tool\",\"name\":\"" + "n".repeat(length) + "\"}";
    String body = "{\"model\":\"needed-tool\",\"tool_choice\":" + tool + "}";
    assertEquals(status, client.post(path, body).statusCode());
  }

  @Test
  void partsAreReported() throws Exception {
    String report = "user: text, image image/png";
    assertEquals(report, join(client.chatChunks("parts", IMAGE), "/choices/0/delta/content"));
    assertEquals(report, join(client.claudeEvents("parts", IMAGE), "/delta/text"));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void anOverflowIsA400InEachApisWords(boolean stream) throws Exception {
    HttpResponse<String> chat = client.post(CHAT, "overflow", stream, "");
    assertEquals(400, chat.statusCode());
    Map<String, String> error = JsonLeaves.of(chat.body());
    assertEquals("context_length_exceeded", error.get("/error/code"));
    assertEquals(
        "This model's maximum context length is 128000 tokens. However, your messages resulted in"
            + " 130512 tokens. Please reduce the length of the messages.",
        error.get("/error/message"));
    HttpResponse<String> claude = client.post(CLAUDE, "overflow", stream, "");
    assertEquals(400, claude.statusCode());
    assertEquals(
        "prompt is too long: 130512 tokens > 128000 maximum",
        JsonLeaves.of(claude.body()).get("/error/message"));
  }

  @ParameterizedTest
  @CsvSource({"error-in-200, ''", "error-midstream, Hello! This"})
  void anErrorEndsAStreamOfStatus200(String model, String before) throws Exception {
    List<Map<String, String>> chunks = events(CHAT, model);
    assertEquals(before, join(chunks, "/choices/0/delta/content"));
    assertEquals("502", chunks.getLast().get("/error/code"));
    assertEquals(Scenarios.FAILURE, chunks.getLast().get("/error/message"));
    assertEquals("error", chunks.getLast().get("/choices/0/finish_reason"));
    List<Map<String, String>> events = client.claudeEvents(model, "");
    assertEquals(before, join(events, "/delta/text"));
    assertEquals("error", events.getLast().get("/type"));
    assertEquals(Scenarios.FAILURE, events.getLast().get("/error/message"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"error-in-200", "error-midstream"})
  void anErrorIsABodyOfStatus200(String model) throws Exception {
    assertEquals(
        Map.of("/error/code", "502", "/error/message", Scenarios.FAILURE), whole(CHAT, model));
    assertEquals("api_error", whole(CLAUDE, model).get("/error/type"));
  }

  @ParameterizedTest
  @CsvSource({CHAT + ", true", CHAT + ", false", CLAUDE + ", true", CLAUDE + ", false"})
  void aPageIsNeitherFormat(String path, boolean stream) throws Exception {
    HttpResponse<String> page = client.post(path, "html", stream, "");
    assertEquals(200, page.statusCode());
    assertEquals("text/html; charset=utf-8", page.headers().firstValue("content-type").get());
    assertTrue(page.body().startsWith("<!DOCTYPE html>"), page.body());
  }

  private Map<String, String> whole(String path, String model) throws Exception {
    HttpResponse<String> response = client.post(path, model, false, "");
    assertEquals(200, response.statusCode());
    return JsonLeaves.of(response.body());
  }

  private Map<String, String> choosing(String path, String model, String choice)
      throws Exception {
    String body =
        """
        {"model":"%s","messages":[],"tools":[{"name":"first"}],"tool_choice":%s}"""
            .formatted(model, choice);
    return JsonLeaves.of(client.post(path, body).body());
  }

  /** The data of a stream that need not end as it should. */
  private List<Map<String, String>> events(String path, String model) throws Exception {
    List<Map<String, String>> events = new ArrayList<>();
    for (String event : client.post(path, model, true, "").body().strip().split("\n\n", -1)) {
      events.add(JsonLeaves.of(event.substring("data: ".length())));
    }
    return events;
  }

  /** The types and indices of the blocks that start, which must have stopped in their order. */
  private static List<String> blocks(List<Map<String, String>> events) {
    List<String> started =
        events.stream()
            .filter(event -> "content_block_start".equals(event.get("/type")))
            .map(event -> event.get("/content_block/type") + " " + event.get("/index"))
            .toList();
    List<String> stopped =
        events.stream()
            .filter(event -> "content_block_stop".equals(event.get("/type")))
            .map(event -> event.get("/index"))
            .toList();
    assertEquals(List.of("0", "1"), stopped);
    return started;
  }
}
