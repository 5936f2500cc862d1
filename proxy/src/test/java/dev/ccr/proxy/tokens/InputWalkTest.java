package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.json.JsonSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request counts, seen in exact counts. */
final class InputWalkTest {

  private static final Tokenizer TOKENIZER = O200k.load();
  private static final long EMPTY = 3; // the primer

  /** Tokens of texts, which are separated by ampersands. */
  private static long tokens(@Nullable String texts) {
    long sum = 0;
    if (texts != null) {
      for (String text : texts.split("&", -1)) {
        sum += TOKENIZER.count(text);
      }
    }
    return sum;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"max_tokens\":9; 0;",
        "\"messages\":[]; 0;",
        "\"messages\":null; 0;",
        "\"messages\":[1,null,\"x\"]; 0;",
        "\"messages\":[{}]; 3;",
        "\"messages\":[{\"content\":null,\"role\":7}]; 3;",
        "\"messages\":[{\"role\":\"user\",\"content\":\"\"}]; 3;",
        "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]; 3; Say hello",
        "\"messages\":[{\"content\":\"a\\nb\",\"role\":\"system\"}]; 3; `a\nb`",
        "\"system\":\"Be brief\"; 3; Be brief",
        "\"system\":[{\"type\":\"text\",\"text\":\"One\"},"
            + "{\"text\":\"Two\",\"type\":\"text\"}]; 3; One&Two",
        "\"system\":null; 3;",
        "\"tools\":[]; 0;",
        "\"tools\":[null]; 0;",
        "\"tools\":[{\"name\":\"Bash\",\"description\":\"Runs\","
            + "\"input_schema\":{ \"type\" : \"object\" }}]; 20; Bash&Runs&{\"type\":\"object\"}",
        "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":8},"
            + "{\"name\":\"Ls\"}]; 28; web_search&Ls",
        "\"tool_choice\":{\"type\": \"auto\"}; 0; {\"type\":\"auto\"}",
        "\"tool_choice\":null; 0;",
        "\"metadata\":{\"user_id\":\"somebody\"},\"thinking\":{\"type\":\"adaptive\"}; 0;"
      })
  void fieldsCountLikeThis(String fields, long fixed, @Nullable String texts) {
    assertEquals(EMPTY + fixed + tokens(texts), Requests.count("{" + fields + "}"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"text\",\"text\":\"The quick brown fox\"}; 0; The quick brown fox",
        "{\"text\":\"\\u0054he\",\"cache_control\":{\"type\":\"ephemeral\"},"
            + "\"type\":\"text\"}; 0; The",
        "{\"type\":\"text\",\"text\":\"<|endoftext|>\"}; 0; <|endoftext|>",
        "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"Bash\","
            + "\"input\":{\"command\": \"ls\"}}; 8; Bash&{\"command\":\"ls\"}",
        "{\"input\":{},\"name\":\"Bash\",\"type\":\"tool_use\"}; 8; Bash&{}",
        "{\"tool_use_id\":\"t\",\"type\":\"tool_result\",\"content\":\"12 files\"}; 6; 12 files",
        "{\"type\":\"tool_result\",\"tool_use_id\":\"t\"}; 6;",
        "{\"type\":\"tool_result\",\"content\":[{\"type\":\"text\",\"text\":\"in\"},"
            + "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"http://x/y\"}}]}; 1606; in",
        "{\"type\":\"image\",\"source\":{\"data\":\"iVBORw0KGgoAAAANSUhEUgAAASwAAADICAIAAA\","
            + "\"media_type\":\"image/png\",\"type\":\"base64\"}}; 80;",
        "{\"type\":\"image\",\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}; 1600;",
        "{\"type\":\"image\"}; 1600;",
        "{\"type\":\"document\",\"title\":\"A title\",\"source\":{\"type\":\"text\","
            + "\"media_type\":\"text/plain\",\"data\":\"Its text\"}}; 0; A title&Its text",
        "{\"type\":\"document\",\"context\":\"C\",\"source\":{\"type\":\"content\",\"content\":"
            + "[{\"type\":\"text\",\"text\":\"inside\"}]}}; 0; C&inside",
        "{\"type\":\"document\",\"source\":{\"type\":\"content\",\"content\":\"in\"}}; 0; in",
        "{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\","
            + "\"data\":\"JVBERi0xLjQ=\"}}; 2000;",
        "{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"http://x/y.pdf\"}}; 2000;",
        "{\"type\":\"search_result\",\"title\":\"T\"};"
            + " 0; {\"type\":\"search_result\",\"title\":\"T\"}",
        "{\"type\":\"new\",\"data\":\"xxxx\",\"a\":[{\"signature\":\"yyyy\"},2]};"
            + " 0; {\"type\":\"new\",&,\"a\":[{&},2]}",
        "{\"text\":\"typeless\"}; 0; {\"text\":\"typeless\"}",
        "{\"type\":\"text\"}; 0;",
        "17; 0;"
      })
  void blocksCountLikeThis(String block, long fixed, @Nullable String texts) {
    String json = "{\"messages\":[{\"role\":\"user\",\"content\":[" + block + "]}]}";
    assertEquals(EMPTY + 3 + fixed + tokens(texts), Requests.count(json));
  }

  private static final String THINKING =
      "{\"type\":\"thinking\",\"signature\":\"s\",\"thinking\":\"Hm\"}";
  private static final String REDACTED =
      "{\"type\":\"redacted_thinking\",\"data\":\"0123456789ab\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":\"\"}]}; true",
        "{\"content\":[{\"type\":\"tool_result\"}],\"role\":\"user\"}; true",
        "{\"role\":\"user\",\"content\":[]}; true",
        "{\"role\":\"system\",\"content\":\"\"}; true",
        "{\"role\":\"assistant\",\"content\":\"\"}; true",
        "{\"role\":\"user\",\"content\":\"\"}; false",
        "{\"content\":\"\",\"role\":\"user\"}; false",
        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\"},"
            + "{\"type\":\"text\",\"text\":\"\"}]}; false"
      })
  void thinkingCountsUntilTheUserSaysSomething(String next, boolean counts) {
    String before = "{\"messages\":[{\"role\":\"assistant\",\"content\":[";
    long without = Requests.count(before + "]}," + next + "]}");
    long with = Requests.count(before + THINKING + "," + REDACTED + "]}," + next + "]}");
    assertEquals(counts ? tokens("Hm") + 2 : 0, with - without);
  }

  @Test
  void thinkingBehindTheUsersLastWordsCounts() {
    String json = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\","
        + "\"content\":[" + THINKING + "]}]}";
    assertEquals(EMPTY + 6 + tokens("a&Hm"), Requests.count(json));
  }

  @Test
  void aSentenceAHundredTimesHasAThousandTokensAndOne() {
    String text = "The quick brown fox jumps over the lazy dog. ".repeat(100);
    assertEquals(
        EMPTY + 3 + 1001,
        Requests.count("{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}"));
  }

  @Test
  void resultsInResultsAreReadToADepthAndThenCountAsJson() {
    StringBuilder json = new StringBuilder("{\"type\":\"text\",\"text\":\"deep\"}");
    for (int depth = 1; depth < 8; depth++) {
      json.insert(0, "{\"type\":\"tool_result\",\"content\":[").append("]}");
      long fixed = 6L * Math.min(depth, 4);
      String rest = depth < 4 ? "deep" : inner(depth - 4);
      assertEquals(
          EMPTY + 3 + fixed + tokens(rest),
          Requests.count("{\"messages\":[{\"role\":\"user\",\"content\":[" + json + "]}]}"),
          "at depth " + depth);
    }
  }

  private static String inner(int results) {
    return "[" + "{\"type\":\"tool_result\",\"content\":[".repeat(results)
        + "{\"type\":\"text\",\"text\":\"deep\"}" + "]}".repeat(results) + "]";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claude-code-tool-session", "claude-code-deferred-tools", "claude-code-1-background"
      })
  void realRequestsCountWithinTheirBounds(String name) throws IOException, JsonSyntaxException {
    String json = resource(name);
    long tokens = Requests.count(json);
    Measure measure = Requests.measure(Requests.body(json));
    assertTrue(tokens <= measure.upper(), () -> tokens + " > " + measure);
    assertTrue(Math.abs(tokens - measure.estimate()) < tokens / 3, () -> tokens + ": " + measure);
    InputMeter meter = new InputMeter();
    assertTrue(meter.atMost(Requests.body(json), measure, tokens) != Verdict.LONG);
    assertTrue(meter.atMost(Requests.body(json), measure, tokens - 1) != Verdict.NOT_LONG);
  }

  private static String resource(String name) throws IOException {
    try (@Nullable InputStream in =
        InputWalkTest.class.getResourceAsStream("/requests/" + name + ".json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"messages\":[{]}", "{} x", "{\"system\":\"\u0001\"}"})
  void whatIsNoJsonIsRefused(String json) {
    assertThrows(
        JsonSyntaxException.class, () -> new InputMeter().measure(Requests.body(json)));
  }
}
