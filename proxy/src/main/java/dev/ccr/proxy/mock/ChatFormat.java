package dev.ccr.proxy.mock;

import java.util.ArrayList;
import java.util.List;

/**
 * OpenAI's chat completions. Reasoning and an empty account come as DeepSeek sends them, and
 * errors inside a 200 as OpenRouter does.
 */
final class ChatFormat implements WireFormat {
  private static final String USAGE =
      """
      {"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,\
      "prompt_tokens_details":{"cached_tokens":%d,"audio_tokens":0},\
      "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,\
      "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"""
          .formatted(
              Scenarios.PROMPT_TOKENS,
              Scenarios.COMPLETION_TOKENS,
              Scenarios.PROMPT_TOKENS + Scenarios.COMPLETION_TOKENS,
              Scenarios.CACHED_TOKENS);
  private static final String ID = "chatcmpl-mock0001";
  private static final String TOOL_CALLS = "\"tool_calls\"";

  @Override
  public List<String> open(String model) {
    return List.of(delta(model, "\"role\":\"assistant\",\"content\":\"\",\"refusal\":null"));
  }

  @Override
  public String text(String model, String escaped) {
    return delta(model, "\"content\":\"" + escaped + "\"");
  }

  @Override
  public List<String> finish(String model, Finish finish) {
    return finish(model, reason(finish));
  }

  @Override
  public List<String> thinkingStream(String model, List<String> thoughts, List<String> texts) {
    List<String> events = new ArrayList<>();
    events.add(delta(model, "\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"\""));
    for (String thought : thoughts) {
      events.add(delta(model, "\"content\":null,\"reasoning_content\":\"" + thought + "\""));
    }
    for (String text : texts) {
      events.add(delta(model, "\"content\":\"" + text + "\",\"reasoning_content\":null"));
    }
    events.addAll(finish(model, Finish.STOP));
    return events;
  }

  /** The first fragments of all calls, then the second ones, and so on. */
  @Override
  public List<String> toolStream(String model, List<Call> calls) {
    List<String> events = new ArrayList<>();
    String role = "\"role\":\"assistant\",\"content\":null,";
    for (int i = 0; i < calls.size(); i++) {
      String call = "{\"index\":" + i + "," + call(calls.get(i), "") + "}";
      events.add(
          i == 0
              ? delta(model, role + "\"tool_calls\":[" + call + "],\"refusal\":null")
              : delta(model, "\"tool_calls\":[" + call + "]"));
    }
    int longest = calls.stream().mapToInt(call -> call.fragments().size()).max().orElse(0);
    for (int part = 0; part < longest; part++) {
      for (int i = 0; i < calls.size(); i++) {
        List<String> fragments = calls.get(i).fragments();
        if (part < fragments.size()) {
          events.add(arguments(model, i, Call.escape(fragments.get(part))));
        }
      }
    }
    events.addAll(finish(model, TOOL_CALLS));
    events.replaceAll(event -> event.replace(ID, idOf(calls)));
    return events;
  }

  @Override
  public String message(String model, String escaped, Finish finish) {
    return completion(model, "\"content\":\"" + escaped + "\"", reason(finish));
  }

  @Override
  public String thinkingMessage(String model, String thought, String escaped) {
    String content = "\"content\":\"" + escaped + "\",\"reasoning_content\":\"" + thought + "\"";
    return completion(model, content, reason(Finish.STOP));
  }

  @Override
  public String toolMessage(String model, List<Call> calls) {
    List<String> list = new ArrayList<>();
    for (Call call : calls) {
      list.add("{" + call(call, Call.escape(call.arguments())) + "}");
    }
    String content = "\"content\":null,\"tool_calls\":[" + String.join(",", list) + "]";
    return completion(model, content, TOOL_CALLS).replace(ID, idOf(calls));
  }

  @Override
  public int longestToolName() {
    return 64;
  }

  @Override
  public String error(int status, String escaped) {
    String type =
        switch (status) {
          case 429 -> "\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"";
          case 401 -> "\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"";
          case 402 -> "\"unknown_error\",\"param\":null,\"code\":\"invalid_request_error\"";
          case 400, 404 -> "\"invalid_request_error\",\"param\":null,\"code\":null";
          default -> "\"server_error\",\"param\":null,\"code\":null";
        };
    return "{\"error\":{\"message\":\"" + escaped + "\",\"type\":" + type + "}}";
  }

  @Override
  public String overflow() {
    return """
        {"error":{"message":"This model's maximum context length is %d tokens. However, your \
        messages resulted in %d tokens. Please reduce the length of the messages.",\
        "type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"""
        .formatted(Scenarios.CONTEXT_TOKENS, Scenarios.OVERFLOW_TOKENS);
  }

  @Override
  public String failure(String escaped) {
    return "{" + failed(escaped) + "}";
  }

  @Override
  public String failureEvent(String model, String escaped) {
    String choice = choice("{\"content\":\"\"}", "\"error\"");
    return "data: " + chunkHead(model) + failed(escaped) + ",\"choices\":[" + choice + "]}\n\n";
  }

  private static String failed(String escaped) {
    return "\"error\":{\"code\":502,\"message\":\"" + escaped + "\"}";
  }

  /** Another one than that of a text and of other calls: clients take answers of one id for one. */
  private static String idOf(List<Call> calls) {
    return "chatcmpl-mock%04d".formatted(calls.getFirst().number() + 1);
  }

  /** The members of a call but its index, which only streams have. */
  private static String call(Call call, String escapedArguments) {
    return """
        "id":"call_mock%04d","type":"function","function":{"name":"%s","arguments":"%s"}"""
        .formatted(call.number(), call.name(), escapedArguments);
  }

  private static String arguments(String model, int call, String escaped) {
    String function = "{\"arguments\":\"" + escaped + "\"}";
    return delta(model, "\"tool_calls\":[{\"index\":" + call + ",\"function\":" + function + "}]");
  }

  private static List<String> finish(String model, String reason) {
    return List.of(
        chunk(model, choice("{}", reason)),
        "data: " + chunkHead(model) + "\"choices\":[],\"usage\":" + USAGE + "}\n\n",
        "data: [DONE]\n\n");
  }

  private static String reason(Finish finish) {
    return switch (finish) {
      case STOP -> "\"stop\"";
      case LENGTH -> "\"length\"";
    };
  }

  private static String delta(String model, String members) {
    return chunk(model, choice("{" + members + "}", "null"));
  }

  private static String chunk(String model, String choice) {
    return "data: " + chunkHead(model) + "\"choices\":[" + choice + "],\"usage\":null}\n\n";
  }

  private static String choice(String delta, String reason) {
    return "{\"index\":0,\"delta\":"
        + delta
        + ",\"logprobs\":null,\"finish_reason\":"
        + reason
        + "}";
  }

  private static String chunkHead(String model) {
    return head("chat.completion.chunk", model);
  }

  private static String completion(String model, String content, String reason) {
    return head("chat.completion", model)
        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        + content
        + ",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":"
        + reason
        + "}],\"usage\":"
        + USAGE
        + "}";
  }

  private static String head(String object, String model) {
    return """
        {"id":"%s","object":"%s","created":1760000000,"model":"%s",\
        "service_tier":"default","system_fingerprint":"fp_mock0001","""
        .formatted(ID, object, model);
  }
}
