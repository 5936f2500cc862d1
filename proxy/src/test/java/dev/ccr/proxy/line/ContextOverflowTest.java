package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A conversation too long for the model, in the upstream's words and in Claude's. */
final class ContextOverflowTest {

  private static final String OPENAI =
      "{\"error\":{\"message\":\"This model's maximum context length is 128000 tokens. However, your"
          + " messages resulted in 130512 tokens.\",\"code\":\"context_length_exceeded\"}}";

  private static HttpResponse<String> answer(String fields, int status, String body)
      throws Exception {
    try (MockUpstream upstream = MockUpstream.start(request -> Reply.json(status, body));
        Router router = Router.start(upstream, fields)) {
      return router.post(Chat.request("openai,m", true));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | maximum context length is 128000 tokens. However, your messages resulted in 130512"
            + " tokens | prompt is too long: 130512 tokens > 128000 maximum",
        "400 | maximum context length is 8192 tokens, however you requested 9000 tokens |"
            + " prompt is too long: 9000 tokens > 8192 maximum",
        "400 | The input token count (1048600) exceeds the maximum number of tokens allowed"
            + " (1048576). | prompt is too long: 1048600 tokens > 1048576 maximum",
        "413 | context_length_exceeded | prompt is too long: ",
      })
  void withErrorsClaudeAnOverflowIsWordedSoThatTheClientCompacts(
      int status, String words, String message) throws Exception {
    HttpResponse<String> response =
        answer("\"errors\": \"claude\",", status, "{\"error\":{\"message\":\"" + words + "\"}}");
    assertEquals(400, response.statusCode());
    assertTrue(
        response
            .body()
            .startsWith(
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\""
                    + message),
        response.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 400",
        "'\"errors\": \"raw\",' | 400",
        "'\"errors\": \"claude\",' | 429",
      })
  void elseTheUpstreamsWordsArriveAsTheyAre(String fields, int status) throws Exception {
    HttpResponse<String> response = answer(fields, status, OPENAI);
    assertEquals(status, response.statusCode());
    assertEquals(OPENAI, response.body());
  }

  @ParameterizedTest
  @CsvSource({"10", "100000"})
  void anotherErrorArrivesAsItIsHoweverLong(int length) throws Exception {
    String body = "{\"error\":{\"message\":\"" + "x".repeat(length) + "\"}}";
    HttpResponse<String> response = answer("\"errors\": \"claude\",", 400, body);
    assertEquals(400, response.statusCode());
    assertEquals(body, response.body());
  }
}
