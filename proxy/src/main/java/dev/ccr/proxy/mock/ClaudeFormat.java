package dev.ccr.proxy.mock;

import java.util.ArrayList;
import java.util.List;

/** Anthropic's messages. */
final class ClaudeFormat implements WireFormat {
  private static final String PING = event("ping", "");
  private static final String BLOCK_STOP = event("content_block_stop", ",\"index\":0");
  private static final String CALL = "{\"type\":\"tool_use\",\"id\":\"toolu_mock0001\",\"name\":\"";

  @Override
  public List<String> open(String model) {
    return open(model, "{\"type\":\"text\",\"text\":\"\"}");
  }

  @Override
  public String text(String model, String escaped) {
    return delta("{\"type\":\"text_delta\",\"text\":\"" + escaped + "\"}");
  }

  @Override
  public List<String> finish(String model, Finish finish) {
    return finish(reason(finish));
  }

  @Override
  public List<String> toolStream(String model, String name, List<String> escapedArguments) {
    List<String> events = new ArrayList<>(open(model, CALL + name + "\",\"input\":{}}"));
    for (String part : escapedArguments) {
      events.add(delta("{\"type\":\"input_json_delta\",\"partial_json\":\"" + part + "\"}"));
    }
    events.addAll(finish("tool_use"));
    return events;
  }

  @Override
  public String message(String model, String escaped, Finish finish) {
    String content = "{\"type\":\"text\",\"text\":\"" + escaped + "\"}";
    return message(model, content, quoted(reason(finish)), Scenarios.COMPLETION_TOKENS);
  }

  @Override
  public String toolMessage(
      String model, String name, String arguments, String escapedArguments) {
    String content = CALL + name + "\",\"input\":" + arguments + "}";
    return message(model, content, quoted("tool_use"), Scenarios.COMPLETION_TOKENS);
  }

  @Override
  public String error(int status, String escaped) {
    String type =
        switch (status) {
          case 400 -> "invalid_request_error";
          case 401 -> "authentication_error";
          case 404 -> "not_found_error";
          case 429 -> "rate_limit_error";
          case 529 -> "overloaded_error";
          default -> "api_error";
        };
    return """
        {"type":"error","error":{"type":"%s","message":"%s"},"request_id":"req_mock0001"}"""
        .formatted(type, escaped);
  }

  private static List<String> open(String model, String block) {
    return List.of(
        event("message_start", ",\"message\":" + message(model, "", "null", 1)),
        event("content_block_start", ",\"index\":0,\"content_block\":" + block),
        PING);
  }

  private static List<String> finish(String reason) {
    String end =
        """
        ,"delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":%d}"""
            .formatted(reason, Scenarios.COMPLETION_TOKENS);
    return List.of(BLOCK_STOP, event("message_delta", end), event("message_stop", ""));
  }

  private static String delta(String delta) {
    return event("content_block_delta", ",\"index\":0,\"delta\":" + delta);
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
  }

  /** Anthropic counts the tokens read from the cache apart from the other input tokens. */
  private static String message(
      String model, String content, String stopReason, int outputTokens) {
    return """
        {"id":"msg_mock0001","type":"message","role":"assistant","model":"%s","content":[%s],\
        "stop_reason":%s,"stop_sequence":null,"usage":{"input_tokens":%d,\
        "cache_creation_input_tokens":0,"cache_read_input_tokens":%d,"output_tokens":%d,\
        "service_tier":"standard"}}"""
        .formatted(
            model,
            content,
            stopReason,
            Scenarios.PROMPT_TOKENS - Scenarios.CACHED_TOKENS,
            Scenarios.CACHED_TOKENS,
            outputTokens);
  }

  private static String reason(Finish finish) {
    return switch (finish) {
      case STOP -> "end_turn";
      case LENGTH -> "max_tokens";
    };
  }

  private static String quoted(String word) {
    return "\"" + word + "\"";
  }
}
