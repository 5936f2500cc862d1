package dev.ccr.proxy.mock;

import java.util.ArrayList;
import java.util.List;

/** OpenAI's chat completions. */
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
  private static final String CALL =
      "{\"id\":\"call_mock0001\",\"type\":\"function\",\"function\":{\"name\":\"";

  @Override
  public List<String> open(String model) {
    return List.of(
        chunk(model, choice("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null")));
  }

  @Override
  public String text(String model, String escaped) {
    return chunk(model, choice("{\"content\":\"" + escaped + "\"}", "null"));
  }

  @Override
  public List<String> finish(String model, Finish finish) {
    return finish(model, reason(finish));
  }

  @Override
  public List<String> toolStream(String model, String name, List<String> escapedArguments) {
    List<String> events = new ArrayList<>();
    String call = "{\"index\":0," + CALL.substring(1) + name + "\",\"arguments\":\"\"}}";
    events.add(
        chunk(
            model,
            choice(
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                    + call
                    + "],\"refusal\":null}",
                "null")));
    for (String part : escapedArguments) {
      String delta =
          "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + part + "\"}}]}";
      events.add(chunk(model, choice(delta, "null")));
    }
    events.addAll(finish(model, "\"tool_calls\""));
    return events;
  }

  @Override
  public String message(String model, String escaped, Finish finish) {
    return completion(model, "\"content\":\"" + escaped + "\"", reason(finish));
  }

  @Override
  public String toolMessage(
      String model, String name, String arguments, String escapedArguments) {
    String call = CALL + name + "\",\"arguments\":\"" + escapedArguments + "\"}}";
    return completion(model, "\"content\":null,\"tool_calls\":[" + call + "]", "\"tool_calls\"");
  }

  @Override
  public String error(int status, String escaped) {
    String type =
        switch (status) {
          case 429 -> "\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"";
          case 401 -> "\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"";
          case 400, 404 -> "\"invalid_request_error\",\"param\":null,\"code\":null";
          default -> "\"server_error\",\"param\":null,\"code\":null";
        };
    return "{\"error\":{\"message\":\"" + escaped + "\",\"type\":" + type + "}}";
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
        {"id":"chatcmpl-mock0001","object":"%s","created":1760000000,"model":"%s",\
        "service_tier":"default","system_fingerprint":"fp_mock0001","""
        .formatted(object, model);
  }
}
