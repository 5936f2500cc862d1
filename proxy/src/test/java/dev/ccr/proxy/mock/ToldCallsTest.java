package dev.ccr.proxy.mock;

import static dev.ccr.proxy.mock.ScenarioClient.CHAT;
import static dev.ccr.proxy.mock.ScenarioClient.CLAUDE;
import static dev.ccr.proxy.mock.ScenarioClient.body;
import static dev.ccr.proxy.mock.ScenarioClient.http;
import static dev.ccr.proxy.mock.ScenarioClient.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenarios whose calls are told by the user, in both formats, over the wire. */
final class ToldCallsTest {
  private static final String CALL = "/choices/0/delta/tool_calls/0";
  private static final String NASTY =
      "{\"text\":\"quote \\\" backslash \\\\ line \\n tab \\t \\u00e9 é 😀 \\ud83d\\ude00\"}";
  private static final String TOLD =
      "calls: Write:" + base64(NASTY) + " Read:" + base64("{\"a\":1}") + "+Bash:" + base64("{}");
  private static final String ASKED =
      "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Note\"},"
          + "{\"type\":\"text\",\"text\":\"" + TOLD + "\"}]}";
  private static final String CHAT_TURN =
      ",{\"role\":\"assistant\",\"content\":null},{\"role\":\"tool\",\"content\":\"done\"}";
  private static final String CLAUDE_TURN =
      ",{\"role\":\"assistant\",\"content\":[]},{\"role\":\"user\",\"content\":"
          + "[{\"type\":\"tool_result\",\"content\":\"done\"},"
          + "{\"type\":\"text\",\"text\":\"Remember\"}]}";

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
  void chatAnswersWithOneStepAfterTheOther() throws Exception {
    List<Map<String, String>> first = client.chatChunks("calls", ASKED);
    assertEquals(List.of("call_mock0001 Write"), calls(first));
    assertEquals(NASTY, join(first, CALL + "/function/arguments"));

    List<Map<String, String>> second = client.chatChunks("calls", ASKED + CHAT_TURN);
    assertEquals(List.of("call_mock0002 Read", "call_mock0003 Bash"), calls(second));

    List<Map<String, String>> last = client.chatChunks("calls", ASKED + CHAT_TURN + CHAT_TURN);
    assertEquals(Scenarios.TOOL_ANSWER, join(last, "/choices/0/delta/content"));

    Stream<String> ids = Stream.of(first, second, last).map(each -> each.getFirst().get("/id"));
    assertEquals(3, ids.distinct().count());
  }

  @Test
  void claudeAnswersWithOneStepAfterTheOther() throws Exception {
    List<Map<String, String>> first = client.claudeEvents("calls", ASKED);
    assertEquals("toolu_mock0001", first.get(1).get("/content_block/id"));
    assertEquals("Write", first.get(1).get("/content_block/name"));
    assertEquals(NASTY, join(first, "/delta/partial_json"));

    HttpResponse<String> second = client.post(CLAUDE, "calls", false, ASKED + CLAUDE_TURN);
    Map<String, String> message = JsonLeaves.of(second.body());
    assertEquals("Read", message.get("/content/0/name"));
    assertEquals("1", message.get("/content/0/input/a"));
    assertEquals("toolu_mock0003", message.get("/content/1/id"));
    assertEquals("Bash", message.get("/content/1/name"));

    List<Map<String, String>> last =
        client.claudeEvents("calls", ASKED + CLAUDE_TURN + CLAUDE_TURN);
    assertEquals(Scenarios.TOOL_ANSWER, join(last, "/delta/text"));

    Stream<String> started = Stream.of(first, last).map(each -> each.getFirst().get("/message/id"));
    assertEquals(3, Stream.concat(started, Stream.of(message.get("/id"))).distinct().count());
  }

  @Test
  void fragmentsCutEscapes() throws Exception {
    List<String> fragments =
        client.chatChunks("calls", ASKED).stream()
            .map(chunk -> chunk.get(CALL + "/function/arguments"))
            .filter(Objects::nonNull)
            .toList();
    assertTrue(fragments.stream().allMatch(each -> each.length() <= 6), fragments.toString());
    assertTrue(fragments.stream().anyMatch(each -> each.endsWith("\\")), fragments.toString());
    assertTrue(fragments.stream().anyMatch(each -> each.endsWith("\\u")), fragments.toString());
  }

  @Test
  void argumentsAreEscapedInAWholeAnswerToo() throws Exception {
    Map<String, String> chat =
        JsonLeaves.of(client.post(CHAT, "calls", false, ASKED).body());
    assertEquals(NASTY, chat.get("/choices/0/message/tool_calls/0/function/arguments"));
    Map<String, String> claude =
        JsonLeaves.of(client.post(CLAUDE, "calls", false, ASKED).body());
    assertEquals(JsonLeaves.of(NASTY).get("/text"), claude.get("/content/0/input/text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, CLAUDE})
  void aCutStepClosesInTheMiddleOfItsCall(String path) throws Exception {
    try (RawClient raw =
        new RawClient(client.mock).send(http(path, body("calls-cut", true, ASKED)))) {
      String stream = raw.readAll();
      assertTrue(stream.contains("Write") && stream.contains("quo"), stream);
      assertFalse(stream.contains("[DONE]") || stream.contains("_stop"), stream);
      assertFalse(stream.contains("\r\n0\r\n\r\n"), stream);
    }
    try (RawClient raw =
        new RawClient(client.mock).send(http(path, body("calls-cut", false, ASKED)))) {
      assertFalse(raw.readAll().endsWith("}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Read a file.", "calls: ", "calls: Read", "calls: :e30", "calls: Read:e"})
  void whatTellsNoCallsIsTold(String text) throws Exception {
    HttpResponse<String> response =
        client.post(
            CHAT, "calls", true, "{\"role\":\"user\",\"content\":\"" + text + "\"}");
    assertEquals(500, response.statusCode());
    assertTrue(response.body().startsWith("java.lang.IllegalArgumentException"), response.body());
  }

  private static List<String> calls(List<Map<String, String>> chunks) {
    return chunks.stream()
        .filter(chunk -> chunk.containsKey(CALL + "/id"))
        .map(chunk -> chunk.get(CALL + "/id") + " " + chunk.get(CALL + "/function/name"))
        .toList();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
