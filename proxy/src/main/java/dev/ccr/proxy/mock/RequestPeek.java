package dev.ccr.proxy.mock;

import java.nio.ByteBuffer;

/**
 * Reads the few things the scenarios go by from a request body of either wire format. One pass over
 * the bytes finds the top-level members; nothing is decoded but the strings asked for. It checks
 * that strings and brackets match, and no more.
 */
final class RequestPeek {
  private final JsonPeek json;
  private int model = -1; // offsets of values, -1 for an absent member
  private int stream = -1;
  private int messages = -1;
  private int tools = -1;
  private int toolChoice = -1;

  /**
   * @param body the whole body, borrowed; read by absolute offsets
   * @throws IllegalArgumentException if it is not a JSON object
   */
  RequestPeek(ByteBuffer body) {
    json = new JsonPeek(body);
    int at = json.inside(json.start());
    while (!json.closes(at)) {
      int value = json.value(at);
      if (json.isKey(at, "model")) {
        model = value;
      } else if (json.isKey(at, "stream")) {
        stream = value;
      } else if (json.isKey(at, "messages")) {
        messages = value;
      } else if (json.isKey(at, "tools")) {
        tools = value;
      } else if (json.isKey(at, "tool_choice")) {
        toolChoice = value;
      }
      at = json.behind(value);
    }
    json.end(at);
  }

  /** The model's name with its escapes as they are; empty if there is none. */
  String model() {
    return json.string(model);
  }

  /** Whether {@code stream} is {@code true}. */
  boolean isStream() {
    return json.isTrue(stream);
  }

  /** Whether the result of a tool came after the last message of the assistant. */
  boolean hasToolResult() {
    boolean found = false;
    for (int at = json.first(messages); at >= 0; at = json.next(at)) {
      String role = json.string(at, "role");
      if (role.equals("assistant")) {
        found = false;
      } else if (role.equals("tool")) {
        found = true;
      } else {
        found |= part(at, "tool_result") >= 0;
      }
    }
    return found;
  }

  /** Whether no tool may be called. */
  boolean forbidsTools() {
    return choice().equals("none");
  }

  /**
   * The name of the tool that must be called: the first one if any may be. Empty if none must.
   */
  String neededTool() {
    return switch (choice()) {
      case "any", "required" -> toolName(json.first(tools));
      case "tool", "function" -> toolName(toolChoice);
      default -> "";
    };
  }

  /**
   * The last text of a user or of a tool, the last part if it has several, with its escapes as they
   * are: fit to stand between the quotes of another JSON string.
   */
  String lastText() {
    String text = "";
    for (int at = json.first(messages); at >= 0; at = json.next(at)) {
      String role = json.string(at, "role");
      if (role.equals("user") || role.equals("tool")) {
        int content = json.member(at, "content");
        int part = part(at, "text");
        int result = part(at, "tool_result");
        int found =
            part >= 0
                ? json.member(part, "text")
                : result >= 0 ? json.member(result, "content") : content;
        text = json.isString(found) ? json.string(found) : text;
      }
    }
    return text;
  }

  /** The last text of a user that begins so, with its escapes as they are; empty if none does. */
  String textOf(String prefix) {
    int at = beginning(prefix);
    return at < 0 ? "" : text(at, prefix);
  }

  /** How many messages of the assistant have come since that text. */
  int turnsSince(String prefix) {
    int turns = 0;
    int at = beginning(prefix);
    while (at >= 0) {
      turns += json.string(at, "role").equals("assistant") ? 1 : 0;
      at = json.next(at);
    }
    return turns;
  }

  /** What the messages are made of, as {@link PartsReport} puts it. */
  String parts() {
    return new PartsReport(json).of(messages);
  }

  /** The last message of a user with a text that begins so, or -1. */
  private int beginning(String prefix) {
    int found = -1;
    for (int at = json.first(messages); at >= 0; at = json.next(at)) {
      if (json.string(at, "role").equals("user") && !text(at, prefix).isEmpty()) {
        found = at;
      }
    }
    return found;
  }

  /** The content of a message, or the text of a part of it, that begins so; else empty. */
  private String text(int message, String prefix) {
    int content = json.member(message, "content");
    String found = begun(json.string(content), prefix);
    for (int at = json.first(content); at >= 0 && found.isEmpty(); at = json.next(at)) {
      found = begun(json.string(at, "text"), prefix);
    }
    return found;
  }

  private static String begun(String text, String prefix) {
    return text.startsWith(prefix) ? text : "";
  }

  /** How tools are to be chosen, in the words of either format; empty if nothing is said. */
  private String choice() {
    return json.isString(toolChoice) ? json.string(toolChoice) : json.string(toolChoice, "type");
  }

  /** Of a tool or of a choice; OpenAI's format has the name one level deeper. */
  private String toolName(int tool) {
    int function = json.member(tool, "function");
    return json.string(function >= 0 ? function : tool, "name");
  }

  /** The last part with this type in the content of a message, or -1. */
  private int part(int message, String type) {
    int found = -1;
    int at = json.first(json.member(message, "content"));
    while (at >= 0) {
      if (json.string(at, "type").equals(type)) {
        found = at;
      }
      at = json.next(at);
    }
    return found;
  }
}
