package dev.ccr.proxy.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestPeekTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\":\"hello\"} | hello",
        " { \"a\" : [ 1 , {} ] ,\t\"model\" : \"b c\" , \"z\" : null } | b c",
        "{\"metadata\":{\"model\":\"no\"},\"model\":\"yes\"} | yes",
        "{\"text\":\"\\\"model\\\":\\\"no\\\"\",\"model\":\"yes\"} | yes",
        "{\"text\":\"a\\\\\",\"model\":\"yes\"} | yes",
        "{\"model\":\"a\\\"b\"} | a\\\"b",
        "{\"model\":\"\u00e9\"} | \u00e9",
        "{\"model\":7} | ``",
        "{\"models\":\"no\"} | ``",
        "{} | ``",
      })
  void modelIsTheTopLevelMember(String json, String model) {
    assertEquals(model, peek(json).model());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"stream\":true} | true",
        "{\"model\":\"a\",\"stream\" :  true } | true",
        "{\"stream\":false} | false",
        "{\"a\":{\"stream\":true}} | false",
        "{\"stream_options\":{\"stream\":true}} | false",
        "{} | false",
      })
  void streamIsTheTopLevelMember(String json, boolean stream) {
    assertEquals(stream, peek(json).isStream());
  }

  @Test
  void linesMayBreakAnywhereBetweenTokens() {
    RequestPeek peek = peek("\n{\r\n \"stream\"\n:\ntrue\n,\n\"model\"\r\n:\n\"a\"\n}\n");
    assertEquals("a", peek.model());
    assertTrue(peek.isStream());
  }

  @Test
  void toolResultCountsUntilTheAssistantSpeaks() {
    String call =
        "{\"role\":\"user\",\"content\":\"go\"},"
            + "{\"role\":\"assistant\",\"content\":null}";
    String chat = ",{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"20\"}";
    String claude =
        ",{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"},"
            + "{ \"type\" : \"tool_result\",\"tool_use_id\":\"c\"}]}";
    String next =
        ",{\"role\":\"assistant\",\"content\":\"ok\"},"
            + "{\"role\":\"user\",\"content\":\"?\"}";
    assertFalse(messages(call).hasToolResult());
    assertTrue(messages(call + chat).hasToolResult());
    assertTrue(messages(call + claude).hasToolResult());
    assertTrue(messages(call + chat + ",{\"role\":\"user\",\"content\":\"so\"}").hasToolResult());
    assertFalse(messages(call + chat + next).hasToolResult());
    assertFalse(peek("{}").hasToolResult());
    assertFalse(messages("").hasToolResult());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"role\":\"user\",\"content\":\"a\\n\\\"b\"} | a\\n\\\"b",
        "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"} | b",
        "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"} | a",
        "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"text\":\"b\",\"type\":\"text\"},"
            + "{\"type\":\"image\"}],\"role\":\"user\"} | b",
        "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":[]} | a",
        "{\"role\":\"system\",\"content\":\"a\"} | ``",
        "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"tool\",\"content\":\"b\"} | b",
        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":\"a\"}]} | a",
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
            + "{\"type\":\"tool_result\",\"content\":\"b\"}]} | a",
      })
  void lastTextKeepsItsEscapes(String messages, String text) {
    assertEquals(text, messages(messages).lastText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"role\":\"user\",\"content\":\"go: a\"} | go: a | 0",
        "{\"role\":\"user\",\"content\":\"go: a\"},{\"role\":\"user\",\"content\":\"b\"}"
            + " | go: a | 0",
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"b\"},"
            + "{\"type\":\"image\"},{\"text\":\"go: a\",\"type\":\"text\"}]} | go: a | 0",
        "{\"role\":\"user\",\"content\":\"go: a\"},{\"role\":\"assistant\",\"content\":\"go: b\"},"
            + "{\"role\":\"tool\",\"content\":\"go: c\"},{\"role\":\"assistant\"} | go: a | 2",
        "{\"role\":\"user\",\"content\":\"go: a\"},{\"role\":\"assistant\"},"
            + "{\"role\":\"user\",\"content\":\"go: b\"} | go: b | 0",
        "{\"role\":\"user\",\"content\":\"a go: b\"},{\"role\":\"assistant\"} | `` | 0",
      })
  void aTextIsFoundByItsBeginning(String messages, String text, int turns) {
    assertEquals(text, messages(messages).textOf("go: "));
    assertEquals(turns, messages(messages).turnsSince("go: "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "absent",
      value = {
        "absent | ``",
        "\"auto\" | ``",
        "\"none\" | ``",
        "\"required\" | first",
        "{\"type\":\"function\",\"function\":{\"name\":\"second\"}} | second",
        "{\"type\":\"auto\"} | ``",
        "{\"type\":\"none\"} | ``",
        "{\"type\":\"any\"} | first",
        "{\"type\":\"tool\",\"name\":\"second\"} | second",
      })
  void neededToolIsInTheChoice(@Nullable String choice, String tool) {
    String members = choice == null ? "" : ",\"tool_choice\":" + choice;
    List<String> formats =
        List.of(
            "{\"name\":\"first\",\"input_schema\":{}}",
            "{\"type\":\"function\",\"function\":{\"parameters\":{},\"name\":\"first\"}}");
    for (String format : formats) {
      RequestPeek peek = peek("{\"tools\":[" + format + "]" + members + "}");
      assertEquals(tool, peek.neededTool(), format);
      assertEquals(choice != null && choice.contains("none"), peek.forbidsTools());
    }
  }

  @Test
  void anyToolIsNoneWhereThereAreNone() {
    assertEquals("", peek("{\"tool_choice\":\"required\"}").neededTool());
    assertEquals("", peek("{\"tools\":[],\"tool_choice\":\"required\"}").neededTool());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"role\":\"user\",\"content\":\"a\"} | user: text",
        "{\"role\":\"assistant\",\"content\":null} | `assistant: `",
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\"},{\"type\":\"x\"}]} | `user: text, x`",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":"
            + "{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AA==\"}}]}"
            + " | user: image image/png",
        "{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":"
            + "{\"type\":\"url\",\"url\":\"https://a/b.pdf\"}}]} | user: document https://a/b.pdf",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
            + "{\"url\":\"data:image/png;base64,AA==\"}}]} | user: image_url image/png",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
            + "{\"url\":\"https://a/b.png\"}}]} | user: image_url https://a/b.png",
        "{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"filename\":\"b.pdf\","
            + "\"file_data\":\"data:application/pdf;base64,AA==\"}}]} | user: file application/pdf",
        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":"
            + "[{\"type\":\"text\"},{\"type\":\"image\"}]},{\"type\":\"tool_result\"}]}"
            + " | `user: tool_result(text, image ), tool_result()`",
        "{\"role\":\"assistant\",\"content\":\"a\",\"tool_calls\":[{\"type\":\"function\"},"
            + "{\"type\":\"function\"}]},{\"role\":\"tool\",\"content\":\"b\"}"
            + " | `assistant: text, function, function | tool: text`",
        "`` | ``",
      })
  void partsAreNamedInTheirOrder(String messages, String parts) {
    assertEquals(parts, messages(messages).parts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "x", "[]", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":\"b",
        "{\"a\":\"b\\\"}", "{\"a\":[}", "{\"a\":{]", "{a:1}", "{}}", "{\"a\":1} x", "{\"a\":[[1]}",
        "{\"a\":1]"
      })
  void brokenBodiesAreRefused(String json) {
    assertThrows(IllegalArgumentException.class, () -> peek(json));
  }

  private static RequestPeek messages(String elements) {
    return peek("{\"messages\":[" + elements + "]}");
  }

  private static RequestPeek peek(String json) {
    return new RequestPeek(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
  }
}
