package dev.ccr.proxy.testing;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules of a Claude event stream, as clients rely on them. Most clients do not notice when one
 * is broken: they lose content. So this looks closer than any of them.
 */
public final class Grammar {

  private static final Pattern EVENT = Pattern.compile("event: ([a-z_]+)\ndata: ([^\n\r]*)\n\n");
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]+");
  private static final Set<String> CUT =
      Set.of("max_tokens", "refusal", "model_context_window_exceeded");
  private static final Set<String> STOP_REASONS =
      Set.of(
          "end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal",
          "model_context_window_exceeded");
  private static final Map<String, Set<String>> DELTAS =
      Map.of(
          "text", Set.of("text_delta", "citations_delta"),
          "thinking", Set.of("thinking_delta", "signature_delta"),
          "tool_use", Set.of("input_json_delta"),
          "server_tool_use", Set.of("input_json_delta"),
          "redacted_thinking", Set.of(),
          "web_search_tool_result", Set.of());

  private final Set<String> toolIds = new HashSet<>();
  private final StringBuilder input = new StringBuilder();
  private boolean started;
  private boolean ended;
  private boolean failed;
  private String stopReason = "";
  private String block = "";
  private int blocks;
  private int deltas;
  private boolean signed;
  private boolean hasToolUse;
  private boolean hasCutInput;

  private Grammar() {}

  /** Fails unless {@code stream} is a whole message, or one that an error event ends. */
  public static void check(String stream) {
    Grammar grammar = new Grammar();
    grammar.checkAll(stream);
    require(grammar.ended || grammar.failed, "I4 the stream has no end");
  }

  private void checkAll(String stream) {
    Matcher event = EVENT.matcher(stream);
    int at = 0;
    while (event.find(at)) {
      int end = at;
      require(event.start() == end, () -> "7 not an event: " + stream.substring(end, event.start()));
      at = event.end();
      Map<?, ?> data = object(JsonTree.parse(event.group(2)), event.group(2));
      String type = event.group(1);
      require(
          type.equals(data.get("type")), () -> "7 event " + type + " with other data: " + data);
      require(!failed, "I9 something follows the error: " + type);
      require(!ended, "I4 something follows message_stop: " + type);
      event(type, data);
    }
    int end = at;
    require(end == stream.length(), () -> "7 not an event: " + stream.substring(end));
  }

  private void event(String type, Map<?, ?> data) {
    require(
        started || type.equals("message_start") || type.equals("error"),
        "I1 " + type + " before message_start");
    require(
        stopReason.isEmpty() || type.equals("message_stop"),
        "I4 " + type + " behind message_delta");
    switch (type) {
      case "message_start" -> start(data);
      case "content_block_start" -> blockStart(data);
      case "content_block_delta" -> delta(data);
      case "content_block_stop" -> blockStop(data);
      case "message_delta" -> messageDelta(data);
      case "message_stop" -> {
        require(!stopReason.isEmpty(), "I4 message_stop without message_delta");
        ended = true;
      }
      case "ping" -> {}
      case "error" -> {
        require(!string(field(data, "error"), "message").isEmpty(), "9.7 an error says why");
        failed = true;
      }
      default -> throw new AssertionError("7 unknown event " + type);
    }
  }

  private void start(Map<?, ?> data) {
    require(!started, "I1 a second message_start");
    started = true;
    Map<?, ?> message = field(data, "message");
    require(string(message, "id").startsWith("msg_"), "7.2 id of the message");
    require(!string(message, "model").isEmpty(), "7.2 the model has no name");
    require(JsonTree.NULL.equals(message.get("stop_reason")), "7.2 stop_reason comes with the end");
    require(message.containsKey("stop_sequence"), "7.2 stop_sequence is missing");
    require(List.of().equals(message.get("content")), "7.2 content comes in blocks");
    usage(field(message, "usage"));
  }

  private void blockStart(Map<?, ?> data) {
    require(block.isEmpty(), () -> "I2 a block opens inside a block: " + data);
    requireIndex(data);
    Map<?, ?> content = field(data, "content_block");
    block = string(content, "type");
    require(DELTAS.containsKey(block), "7.2 unknown block " + block);
    deltas = 0;
    signed = false;
    input.setLength(0);
    switch (block) {
      case "tool_use", "server_tool_use" -> {
        String id = string(content, "id");
        require(ID.matcher(id).matches(), "I7 id of a tool call: " + id);
        require(toolIds.add(id), "I7 a second tool call with the id " + id);
        require(!string(content, "name").isEmpty(), "7.2 a tool call has no name");
        require(Map.of().equals(content.get("input")), "7.2 input comes in deltas");
        hasToolUse |= block.equals("tool_use");
      }
      case "redacted_thinking" ->
          require(!string(content, "data").isEmpty(), "I8 an empty redacted_thinking");
      case "web_search_tool_result" -> {
        require(toolIds.contains(string(content, "tool_use_id")), "7.2 results without search");
        require(content.get("content") instanceof List<?> l && !l.isEmpty(), "I8 no results");
      }
      default -> {}
    }
  }

  private void delta(Map<?, ?> data) {
    require(!block.isEmpty(), "I2 a delta outside a block");
    requireIndex(data);
    Map<?, ?> delta = field(data, "delta");
    String type = string(delta, "type");
    require(DELTAS.getOrDefault(block, Set.of()).contains(type), "I3 " + type + " in " + block);
    require(!signed, "I3 something follows the signature");
    deltas++;
    switch (type) {
      case "text_delta" -> require(!string(delta, "text").isEmpty(), "I8 empty text");
      case "thinking_delta" -> require(!string(delta, "thinking").isEmpty(), "I8 empty thinking");
      case "signature_delta" -> {
        require(!string(delta, "signature").isEmpty(), "I3 an empty signature");
        signed = true;
      }
      case "input_json_delta" -> input.append(string(delta, "partial_json"));
      default -> {}
    }
  }

  private void blockStop(Map<?, ?> data) {
    require(!block.isEmpty(), "I2 content_block_stop without a block");
    requireIndex(data);
    if (block.equals("text") || block.equals("thinking")) {
      require(deltas > 0, "I8 an empty block: " + block);
    }
    if (!input.isEmpty() && !isObject(input.toString())) {
      hasCutInput = true; // right only if the model was stopped, or an error follows
    }
    block = "";
    blocks++;
  }

  private void messageDelta(Map<?, ?> data) {
    require(block.isEmpty(), "I4 message_delta inside a block");
    Map<?, ?> delta = field(data, "delta");
    stopReason = string(delta, "stop_reason");
    require(STOP_REASONS.contains(stopReason), "7.2 unknown stop_reason " + stopReason);
    require(delta.containsKey("stop_sequence"), "7.2 stop_sequence is missing");
    boolean cut = CUT.contains(stopReason);
    require(cut || stopReason.equals("tool_use") == hasToolUse, "I6 " + stopReason);
    require(cut || !hasCutInput, "I5 the input of a call is no JSON object");
    usage(field(data, "usage"));
  }

  private static void usage(Map<?, ?> usage) {
    for (String name : List.of("input_tokens", "output_tokens")) {
      require(
          usage.get(name) instanceof JsonTree.Figure n && n.spelling().matches("[0-9]+"),
          () -> "7.2 usage: " + usage);
    }
  }

  private void requireIndex(Map<?, ?> data) {
    require(
        new JsonTree.Figure(Integer.toString(blocks)).equals(data.get("index")),
        () -> "I2 index of block " + blocks + ": " + data);
  }

  private static boolean isObject(String json) {
    return JsonTree.parse(json).orElse("") instanceof Map<?, ?>;
  }

  private static Map<?, ?> field(Map<?, ?> object, String name) {
    return object(Optional.ofNullable(object.get(name)), name);
  }

  private static Map<?, ?> object(Optional<Object> value, String what) {
    if (value.orElse("") instanceof Map<?, ?> map) {
      return map;
    }
    throw new AssertionError("7 not an object: " + what);
  }

  private static String string(Map<?, ?> object, String name) {
    if (object.get(name) instanceof String string) {
      return string;
    }
    throw new AssertionError("7.2 not a string: " + name + " of " + object);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  /** For messages that quote much: most checks hold. */
  private static void require(boolean condition, Supplier<String> message) {
    if (!condition) {
      throw new AssertionError(message.get());
    }
  }
}
