package dev.ccr.proxy.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
      })
  void lastUserTextKeepsItsEscapes(String messages, String text) {
    assertEquals(text, messages(messages).lastUserText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "x", "[]", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":\"b",
        "{\"a\":\"b\\\"}", "{\"a\":[}", "{\"a\":{]", "{a:1}", "{}}", "{\"a\":1} x", "{\"a\":[[1]}"
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
