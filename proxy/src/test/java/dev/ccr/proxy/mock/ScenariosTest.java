package dev.ccr.proxy.mock;

import static dev.ccr.proxy.mock.ScenarioClient.CHAT;
import static dev.ccr.proxy.mock.ScenarioClient.CLAUDE;
import static dev.ccr.proxy.mock.ScenarioClient.body;
import static dev.ccr.proxy.mock.ScenarioClient.http;
import static dev.ccr.proxy.mock.ScenarioClient.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenarios of texts, single calls and statuses in both formats, over the wire. */
final class ScenariosTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String TOOL_DONE =
      "{\"role\":\"assistant\",\"content\":null},"
          + "{\"role\":\"tool\",\"tool_call_id\":\"call_mock0001\",\"content\":\"20 degrees\"}";
  private static final String TOOL_USE_DONE =
      "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":\"20 degrees\"}]}";

  private ScenarioClient client;

  @BeforeEach
  void start() {
    client = new ScenarioClient();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "gpt-unknown", "length"})
  void chatStreamOfText(String model) throws Exception {
    List<Map<String, String>> chunks = client.chatChunks(model, "");
    assertEquals(Scenarios.HELLO, join(chunks, "/choices/0/delta/content"));
    assertEquals("assistant", chunks.getFirst().get("/choices/0/delta/role"));
    Map<String, String> finish = chunks.get(chunks.size() - 2);
    assertEquals(
        model.equals("length") ? "length" : "stop", finish.get("/choices/0/finish_reason"));
    assertChatUsage(chunks.getLast());
  }

  @Test
  void chatStreamOfAToolCall() throws Exception {
    List<Map<String, String>> chunks = client.chatChunks("tool", "");
    Map<String, String> first = chunks.getFirst();
    assertEquals("call_mock0001", first.get("/choices/0/delta/tool_calls/0/id"));
    assertEquals("get_weather", first.get("/choices/0/delta/tool_calls/0/function/name"));
    String arguments = join(chunks, "/choices/0/delta/tool_calls/0/function/arguments");
    assertEquals(Scenarios.TOOL_ARGUMENTS, arguments);
    assertEquals("Oslo", JsonLeaves.of(arguments).get("/city"));
    assertEquals(
        "tool_calls", chunks.get(chunks.size() - 2).get("/choices/0/finish_reason"));
    assertChatUsage(chunks.getLast());
  }

  @Test
  void toolResultIsAnsweredWithText() throws Exception {
    assertEquals(
        Scenarios.TOOL_ANSWER,
        join(client.chatChunks("tool", TOOL_DONE), "/choices/0/delta/content"));
    assertEquals(
        Scenarios.TOOL_ANSWER, join(client.claudeEvents("tool", TOOL_USE_DONE), "/delta/text"));
    assertEquals(
        Scenarios.TOOL_ANSWER,
        JsonLeaves.of(client.post(CHAT, "tool", false, TOOL_DONE).body())
            .get("/choices/0/message/content"));
  }

  @Test
  void chatAnswersInOnePiece() throws Exception {
    Map<String, String> hello = JsonLeaves.of(client.post(CHAT, "hello", false, "").body());
    assertEquals("chat.completion", hello.get("/object"));
    assertEquals("hello", hello.get("/model"));
    assertEquals(Scenarios.HELLO, hello.get("/choices/0/message/content"));
    assertEquals("stop", hello.get("/choices/0/finish_reason"));
    assertChatUsage(hello);
    Map<String, String> tool = JsonLeaves.of(client.post(CHAT, "tool", false, "").body());
    assertEquals(
        Scenarios.TOOL_ARGUMENTS,
        tool.get("/choices/0/message/tool_calls/0/function/arguments"));
    assertEquals("tool_calls", tool.get("/choices/0/finish_reason"));
    Map<String, String> length = JsonLeaves.of(client.post(CHAT, "length", false, "").body());
    assertEquals("length", length.get("/choices/0/finish_reason"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "gpt-unknown", "length"})
  void claudeStreamOfText(String model) throws Exception {
    List<Map<String, String>> events = client.claudeEvents(model, "");
    assertEquals(Scenarios.HELLO, join(events, "/delta/text"));
    assertEquals(
        List.of("message_start", "content_block_start", "ping"),
        events.stream().limit(3).map(event -> event.get("/type")).toList());
    assertEquals("20", events.getFirst().get("/message/usage/input_tokens"));
    assertEquals("5", events.getFirst().get("/message/usage/cache_read_input_tokens"));
    assertClaudeEnd(events, model.equals("length") ? "max_tokens" : "end_turn");
  }

  @Test
  void claudeStreamOfAToolCall() throws Exception {
    List<Map<String, String>> events = client.claudeEvents("tool", "");
    assertEquals("tool_use", events.get(1).get("/content_block/type"));
    assertEquals("get_weather", events.get(1).get("/content_block/name"));
    assertEquals(Scenarios.TOOL_ARGUMENTS, join(events, "/delta/partial_json"));
    assertClaudeEnd(events, "tool_use");
  }

  @Test
  void claudeAnswersInOnePiece() throws Exception {
    Map<String, String> hello = JsonLeaves.of(client.post(CLAUDE, "hello", false, "").body());
    assertEquals("message", hello.get("/type"));
    assertEquals(Scenarios.HELLO, hello.get("/content/0/text"));
    assertEquals("end_turn", hello.get("/stop_reason"));
    assertEquals("7", hello.get("/usage/output_tokens"));
    Map<String, String> tool = JsonLeaves.of(client.post(CLAUDE, "tool", false, "").body());
    assertEquals("Oslo", tool.get("/content/0/input/city"));
    assertEquals("tool_use", tool.get("/stop_reason"));
  }

  @Test
  void echoRepeatsTheLastUserText() throws Exception {
    String said = "{\"role\":\"user\",\"content\":\"tab \\t quote \\\" \u00e9 \\ud83d\\ude00\"}";
    String heard = "tab \t quote \" \u00e9 \ud83d\ude00";
    assertEquals(heard, join(client.chatChunks("echo", said), "/choices/0/delta/content"));
    assertEquals(heard, join(client.claudeEvents("echo", said), "/delta/text"));
    assertEquals(
        heard,
        JsonLeaves.of(client.post(CLAUDE, "echo", false, said).body()).get("/content/0/text"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, invalid_request_error, authentication_error",
    "402, unknown_error, billing_error",
    "429, requests, rate_limit_error",
    "500, server_error, api_error",
    "529, server_error, overloaded_error",
  })
  void errorsHaveTheirStatus(int status, String chatType, String claudeType) throws Exception {
    HttpResponse<String> chat = client.post(CHAT, "error-" + status, true, "");
    assertEquals(status, chat.statusCode());
    assertEquals(chatType, JsonLeaves.of(chat.body()).get("/error/type"));
    assertEquals(
        status == 429 ? "1" : "none", chat.headers().firstValue("retry-after").orElse("none"));
    HttpResponse<String> claude = client.post(CLAUDE, "error-" + status, false, "");
    assertEquals(status, claude.statusCode());
    assertEquals("error", JsonLeaves.of(claude.body()).get("/type"));
    assertEquals(claudeType, JsonLeaves.of(claude.body()).get("/error/type"));
  }

  @Test
  void modelsInARowHaveTheirTurnsWithEachText() throws Exception {
    String row = "error-429+error-500+hello";
    String first = "{\"role\":\"user\",\"content\":\"first\"}";
    String second = "{\"role\":\"user\",\"content\":\"second\"}";
    assertEquals(429, client.post(CHAT, row, true, first).statusCode());
    assertEquals(500, client.post(CHAT, row, true, first).statusCode());
    assertEquals(429, client.post(CHAT, row, true, second).statusCode());
    for (int i = 0; i < 2; i++) {
      assertEquals(
          Scenarios.HELLO, join(client.chatChunks(row, first), "/choices/0/delta/content"));
    }
    assertEquals(429, client.post(CHAT, "error-429+hello", true, first).statusCode());
  }

  @Test
  void wrongPathsAndBodiesAreTold() throws Exception {
    assertEquals(404, client.post("/v1/models", "hello", true, "").statusCode());
    HttpResponse<String> broken = client.post(CHAT, "{\"model\":\"hello\"");
    assertEquals(400, broken.statusCode());
    assertEquals("invalid_request_error", JsonLeaves.of(broken.body()).get("/error/type"));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void cutEndsInAReset(boolean stream) throws Exception {
    for (String path : List.of(CHAT, CLAUDE)) {
      try (RawClient raw = new RawClient(client.mock).send(http(path, body("cut", stream, "")))) {
        raw.readUntil(stream ? "Hello" : "{\"id\"");
        assertThrows(SocketException.class, raw::readAll);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, CLAUDE})
  void endlessAndSlowStreamsEndWithTheirClient(String path) throws Exception {
    MockUpstream mock = client.mock;
    try (RawClient endless = new RawClient(mock).send(http(path, body("endless", true, "")));
        RawClient slow = new RawClient(mock).send(http(path, body("slow", true, "")));
        RawClient silent = new RawClient(mock).send(http(path, body("endless", false, "")))) {
      endless.skip(1024 * 1024);
      slow.readUntil("word ");
      slow.readUntil("word ");
      assertEquals("", silent.readUntilSilence());
    }
    mock.awaitConnections(0, SOON);
  }

  private static void assertChatUsage(Map<String, String> chunk) {
    assertEquals("25", chunk.get("/usage/prompt_tokens"));
    assertEquals("5", chunk.get("/usage/prompt_tokens_details/cached_tokens"));
    assertEquals("7", chunk.get("/usage/completion_tokens"));
    assertEquals("32", chunk.get("/usage/total_tokens"));
  }

  private static void assertClaudeEnd(List<Map<String, String>> events, String stopReason) {
    List<Map<String, String>> end = events.subList(events.size() - 3, events.size());
    assertEquals(
        List.of("content_block_stop", "message_delta", "message_stop"),
        end.stream().map(event -> event.get("/type")).toList());
    assertEquals(stopReason, end.get(1).get("/delta/stop_reason"));
    assertEquals("7", end.get(1).get("/usage/output_tokens"));
  }
}
