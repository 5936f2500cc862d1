package dev.ccr.proxy.mock;

import java.util.ArrayList;
import java.util.List;

/** Anthropic's messages. */
final class ClaudeFormat implements WireFormat {
  private static final String ID = "msg_mock0001";
  private static final String TEXT = textBlock("");
  private static final String THINKING =
      "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}";

  @Override
  public List<String> open(String model) {
    return open(model, TEXT);
  }

  @Override
  public String text(String model, String escaped) {
    return delta(0, textDelta(escaped));
  }

  @Override
  public List<String> finish(String model, Finish finish) {
    return finish(0, reason(finish));
  }

  @Override
  public List<String> thinkingStream(String model, List<String> thoughts, List<String> texts) {
    List<String> events = new ArrayList<>(open(model, THINKING));
    for (String thought : thoughts) {
      events.add(delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"" + thought + "\"}"));
    }
    String signature = Scenarios.SIGNATURE;
    events.add(delta(0, "{\"type\":\"signature_delta\",\"signature\":\"" + signature + "\"}"));
    events.add(blockStop(0));
    events.add(blockStart(1, TEXT));
    texts.forEach(text -> events.add(delta(1, textDelta(text))));
    events.addAll(finish(1, reason(Finish.STOP)));
    return events;
  }

  @Override
  public List<String> toolStream(String model, List<Call> calls) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      String block = call(calls.get(i), "{}");
      if (i == 0) {
        events.addAll(open(model, block));
      } else {
        events.add(blockStop(i - 1));
        events.add(blockStart(i, block));
      }
      for (String part : calls.get(i).fragments()) {
        String json = "\"partial_json\":\"" + Call.escape(part) + "\"";
        events.add(delta(i, "{\"type\":\"input_json_delta\"," + json + "}"));
      }
    }
    events.addAll(finish(calls.size() - 1, "tool_use"));
    events.replaceAll(event -> event.replace(ID, idOf(calls)));
    return events;
  }

  @Override
  public String message(String model, String escaped, Finish finish) {
    return message(model, textBlock(escaped), reason(finish));
  }

  @Override
  public String thinkingMessage(String model, String thought, String escaped) {
    String thinking =
        """
        {"type":"thinking","thinking":"%s","signature":"%s"},"""
            .formatted(thought, Scenarios.SIGNATURE);
    return message(model, thinking + textBlock(escaped), reason(Finish.STOP));
  }

  @Override
  public String toolMessage(String model, List<Call> calls) {
    List<String> blocks = new ArrayList<>();
    for (Call call : calls) {
      blocks.add(call(call, call.arguments()));
    }
    return message(model, String.join(",", blocks), "tool_use").replace(ID, idOf(calls));
  }

  @Override
  public int longestToolName() {
    return 128;
  }

  @Override
  public String error(int status, String escaped) {
    String type =
        switch (status) {
          case 400 -> "invalid_request_error";
          case 401 -> "authentication_error";
          case 402 -> "billing_error";
          case 404 -> "not_found_error";
          case 429 -> "rate_limit_error";
          case 529 -> "overloaded_error";
          default -> "api_error";
        };
    return """
        {"type":"error","error":{"type":"%s","message":"%s"},"request_id":"req_mock0001"}"""
        .formatted(type, escaped);
  }

  @Override
  public String overflow() {
    return error(
        400,
        "prompt is too long: %d tokens > %d maximum"
            .formatted(Scenarios.OVERFLOW_TOKENS, Scenarios.CONTEXT_TOKENS));
  }

  @Override
  public String failure(String escaped) {
    return error(502, escaped);
  }

  @Override
  public String failureEvent(String model, String escaped) {
    return "event: error\ndata: " + failure(escaped) + "\n\n";
  }

  private static List<String> open(String model, String block) {
    return List.of(
        event("message_start", ",\"message\":" + message(model, "", "null", 1)),
        blockStart(0, block),
        event("ping", ""));
  }

  private static List<String> finish(int lastBlock, String reason) {
    String end =
        """
        ,"delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":%d}"""
            .formatted(reason, Scenarios.COMPLETION_TOKENS);
    return List.of(
        blockStop(lastBlock), event("message_delta", end), event("message_stop", ""));
  }

  private static String blockStart(int index, String block) {
    return event("content_block_start", ",\"index\":" + index + ",\"content_block\":" + block);
  }

  private static String blockStop(int index) {
    return event("content_block_stop", ",\"index\":" + index);
  }

  private static String delta(int index, String delta) {
    return event("content_block_delta", ",\"index\":" + index + ",\"delta\":" + delta);
  }

  private static String textDelta(String escaped) {
    return "{\"type\":\"text_delta\",\"text\":\"" + escaped + "\"}";
  }

  private static String textBlock(String escaped) {
    return "{\"type\":\"text\",\"text\":\"" + escaped + "\"}";
  }

  /** Another one than that of a text and of other calls: clients take answers of one id for one. */
  private static String idOf(List<Call> calls) {
    return "msg_mock%04d".formatted(calls.getFirst().number() + 1);
  }

  private static String call(Call call, String input) {
    return """
        {"type":"tool_use","id":"toolu_mock%04d","name":"%s","input":%s}"""
        .formatted(call.number(), call.name(), input);
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
  }

  private static String message(String model, String content, String stopReason) {
    return message(model, content, "\"" + stopReason + "\"", Scenarios.COMPLETION_TOKENS);
  }

  /** Anthropic counts the tokens read from the cache apart from the other input tokens. */
  private static String message(
      String model, String content, String stopReason, int outputTokens) {
    return """
        {"id":"%s","type":"message","role":"assistant","model":"%s","content":[%s],\
        "stop_reason":%s,"stop_sequence":null,"usage":{"input_tokens":%d,\
        "cache_creation_input_tokens":0,"cache_read_input_tokens":%d,"output_tokens":%d,\
        "service_tier":"standard"}}"""
        .formatted(
            ID,
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
}
