package dev.ccr.proxy.faults;

import dev.ccr.proxy.testing.Chat;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The dialect of an upstream, and whether its answer is a stream. */
enum Kind {
  CHAT_STREAM("openai", true, Kind.CHAT_EVENTS, "two"),
  CHAT_WHOLE("openai", false, Kind.CHAT_MESSAGE, "one two"),
  CLAUDE_STREAM("anthropic", true, Kind.CLAUDE_EVENTS, "two"),
  CLAUDE_WHOLE("anthropic", false, Kind.CLAUDE_MESSAGE, "one two");

  static final Set<Kind> STREAMS = EnumSet.of(CHAT_STREAM, CLAUDE_STREAM);
  static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  private static final String CHAT_EVENTS =
      "data: {\"id\":\"chatcmpl-fault\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{"
          + "\"content\":\"one \"}}]}\n\n"
          + "data: {\"id\":\"chatcmpl-fault\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{"
          + "\"content\":\"two\"}}]}\n\n"
          + Chat.STOP
          + Chat.DONE;

  private static final String CHAT_MESSAGE =
      "{\"id\":\"chatcmpl-fault\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{"
          + "\"role\":\"assistant\",\"content\":\"one two\"},\"finish_reason\":\"stop\"}]}";

  private static final String CLAUDE_EVENTS =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_fault","type":"message","role":\
      "assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{\
      "input_tokens":1,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"one two"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
      "usage":{"output_tokens":2}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static final String CLAUDE_MESSAGE =
      "{\"id\":\"msg_fault\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
          + "\"content\":[{\"type\":\"text\",\"text\":\"one two\"}],\"stop_reason\":\"end_turn\","
          + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}";

  private final String provider;
  private final boolean stream;
  private final String body;
  private final int half;

  Kind(String provider, boolean stream, String body, String word) {
    this.provider = provider;
    this.stream = stream;
    this.body = body;
    half = body.indexOf(word) + 1;
  }

  boolean isStream() {
    return stream;
  }

  boolean isClaude() {
    return provider.equals("anthropic");
  }

  /** A client's request to the provider of this kind. */
  String request(String model) {
    return Chat.request(provider + "," + model, stream);
  }

  /** A body of an upstream's that lacks nothing. */
  String body() {
    return body;
  }

  String contentType() {
    return stream ? "text/event-stream" : "application/json";
  }

  /** The head of an answer in chunks. */
  String head() {
    return head("transfer-encoding: chunked");
  }

  /** The head of an answer with some more headers, which decide its framing. */
  String head(String... headers) {
    return "HTTP/1.1 200 OK\r\ncontent-type: " + contentType() + "\r\n"
        + String.join("\r\n", headers) + "\r\n\r\n";
  }

  /** A whole answer. */
  String answer() {
    return head() + chunk(body) + "0\r\n\r\n";
  }

  /** What has come in a phase. */
  String until(Phase phase) {
    return switch (phase) {
      case BEFORE_HEADERS -> "";
      case AFTER_HEADERS -> head();
      case MID_EVENT -> head() + chunk(body.substring(0, half));
      case AFTER_FINISH -> head() + chunk(body);
    };
  }

  /** What is still to come. */
  String from(Phase phase) {
    return switch (phase) {
      case BEFORE_HEADERS -> answer();
      case AFTER_HEADERS -> chunk(body) + "0\r\n\r\n";
      case MID_EVENT -> chunk(body.substring(half)) + "0\r\n\r\n";
      case AFTER_FINISH -> "0\r\n\r\n";
    };
  }

  /** Of the event that has come by half, the other half. */
  String restOfEvent() {
    return body.substring(half, body.indexOf("\n\n", half) + 2);
  }

  static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
