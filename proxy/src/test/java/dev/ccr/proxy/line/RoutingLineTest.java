package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes, counts and lists over real sockets. */
final class RoutingLineTest {

  private static final String ROUTES =
      """
      "Router": {"default": "openai,hello", "longContext": "openai,long", "think": "openai,deep",
        "longContextThreshold": 1000},
      """;

  private final Map<String, String> counting = new ConcurrentHashMap<>();
  private final Scenarios scenarios = new Scenarios();
  private final MockUpstream upstream =
      MockUpstream.start(
          request ->
              request.path().contains("count_tokens")
                  ? countReply(request)
                  : scenarios.reply(request));

  private Reply countReply(MockRequest request) {
    counting.put(request.path(), String.valueOf(StandardCharsets.UTF_8.decode(request.content())));
    return Reply.json(200, "{\"input_tokens\":4711}");
  }

  @AfterEach
  void close() {
    upstream.close();
  }

  /** Words of four letters: a token each, and five bytes. 1,100 of them can only be counted. */
  @ParameterizedTest
  @CsvSource({"100, default, hello", "1100, longContext, long", "30000, longContext, long"})
  void aLongContextGoesToItsModel(int words, String rule, String model) throws Exception {
    try (Router router = Router.start(upstream, ROUTES)) {
      HttpResponse<String> answer = router.post(asking("claude-x", "word ".repeat(words)));
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals(rule, answer.headers().firstValue("x-ccr-route").orElse(""));
      assertEquals(model, answer.headers().firstValue("x-ccr-model").orElse(""));
    }
  }

  @Test
  void theTagOfASubagentIsObeyedAndNotHandedOn() throws Exception {
    try (Router router = Router.start(upstream, ROUTES)) {
      String tagged = "<CCR-SUBAGENT-MODEL>openai,echo</CCR-SUBAGENT-MODEL>Say this.";
      HttpResponse<String> answer = router.post(asking("claude-x", tagged));
      assertEquals("subagent", answer.headers().firstValue("x-ccr-route").orElse(""));
      assertTrue(answer.body().contains("\"Say this.\""), answer.body());
      assertFalse(answer.body().contains("SUBAGENT"), answer.body());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "openai,hello; {\"input_tokens\":N}",
        "nobody,x; {\"input_tokens\":N}",
        "anthropic,claude-x; {\"input_tokens\":4711}",
      })
  void tokensAreCountedUpstreamWhereTheClaudeApiIsAndElseHere(String model, String expected)
      throws Exception {
    try (Router router = Router.start(upstream, ROUTES)) {
      HttpResponse<String> answer =
          router.post(
              "/v1/messages/count_tokens?beta=true",
              asking(model, "The quick brown fox jumps over the lazy dog."));
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals(expected, answer.body().replaceAll(":1[5-9]}", ":N}"), answer.body());
      assertEquals(
          model.startsWith("anthropic") ? "{\"model\":\"claude-x\"" : "",
          counting.getOrDefault("/v1/messages/count_tokens", "").split(",", 2)[0]);
    }
  }

  /** What is no count, and an answer that never comes: the router waits for seconds only. */
  @ParameterizedTest
  @CsvSource({"odd", "silent", "fails"})
  void anAnswerThatIsNoCountIsNone(String how) throws Exception {
    Reply reply =
        switch (how) {
          case "odd" -> Reply.json(200, "{\"code\":404,\"msg\":\"no such path\"}");
          case "silent" -> Reply.silence();
          default -> Reply.json(500, "{}");
        };
    try (MockUpstream odd = MockUpstream.start(request -> reply);
        Router router = Router.start(odd, ROUTES)) {
      HttpResponse<String> answer =
          router.post("/v1/messages/count_tokens", asking("anthropic,claude-x", "Hello"));
      assertEquals(200, answer.statusCode(), answer.body());
      assertTrue(answer.body().matches("\\{\"input_tokens\":[1-9]\\d?}"), answer.body());
    }
  }

  @Test
  void ifTheClaudeApiDoesNotSayTheRouterCounts() throws Exception {
    try (Router router = Router.start(upstream, ROUTES)) {
      upstream.close();
      HttpResponse<String> answer =
          router.post("/v1/messages/count_tokens", asking("anthropic,claude-x", "Hello"));
      assertEquals(200, answer.statusCode(), answer.body());
      assertTrue(answer.body().matches("\\{\"input_tokens\":[1-9]\\d?}"), answer.body());
    }
  }

  @Test
  void theModelsOfTheConfigurationAreListedAndTheirAliasesAnswer() throws Exception {
    try (Router router = Router.start(upstream, ROUTES)) {
      HttpResponse<String> list =
          router.send(
              router.request("/v1/models?limit=1000").GET().build(),
              HttpResponse.BodyHandlers.ofString());
      assertTrue(list.body().contains("\"id\":\"claude-ccr-openai,hello\""), list.body());
      HttpResponse<String> answer = router.post(Chat.request("claude-ccr-openai,hello", false));
      assertEquals("explicit", answer.headers().firstValue("x-ccr-route").orElse(""));
      assertEquals("hello", answer.headers().firstValue("x-ccr-model").orElse(""));
    }
  }

  private static String asking(String model, String text) {
    return "{\"model\":\"" + model + "\",\"max_tokens\":9,\"messages\":[{\"role\":"
        + "\"user\",\"content\":\"" + text + "\"}]}";
  }
}
