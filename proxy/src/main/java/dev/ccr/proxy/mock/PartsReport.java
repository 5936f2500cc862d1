package dev.ccr.proxy.mock;

import java.util.ArrayList;
import java.util.List;

/**
 * Says what the messages of a request are made of, so that a client can see what reached the
 * upstream: {@code user: text, image image/png | assistant: tool_use | user: tool_result(text)}. A
 * part is named by its type, an image or a file by its media type or its URL too. Not thread-safe.
 */
final class PartsReport {
  private final JsonPeek json;

  PartsReport(JsonPeek json) {
    this.json = json;
  }

  /** The report, with escapes as they are: fit to stand between the quotes of a JSON string. */
  String of(int messages) {
    List<String> reports = new ArrayList<>();
    for (int at = json.first(messages); at >= 0; at = json.next(at)) {
      List<String> parts = parts(json.member(at, "content"));
      for (int call = json.first(json.member(at, "tool_calls")); call >= 0; ) {
        parts.add(json.string(call, "type"));
        call = json.next(call);
      }
      reports.add(json.string(at, "role") + ": " + String.join(", ", parts));
    }
    return String.join(" | ", reports);
  }

  private List<String> parts(int content) {
    List<String> parts = new ArrayList<>();
    if (json.isString(content)) {
      parts.add("text");
    }
    for (int at = json.first(content); at >= 0; at = json.next(at)) {
      parts.add(part(at, json.string(at, "type")));
    }
    return parts;
  }

  private String part(int part, String type) {
    return switch (type) {
      case "tool_result" ->
          type + "(" + String.join(", ", parts(json.member(part, "content"))) + ")";
      case "image", "document" -> type + " " + source(json.member(part, "source"));
      case "image_url" -> type + " " + media(json.string(json.member(part, type), "url"));
      case "file" -> type + " " + media(json.string(json.member(part, type), "file_data"));
      default -> type;
    };
  }

  private String source(int source) {
    String mediaType = json.string(source, "media_type");
    return mediaType.isEmpty() ? json.string(source, "url") : mediaType;
  }

  /** The media type of a {@code data:} URL; another URL as it is. */
  private static String media(String url) {
    return url.replaceFirst("^data:([^;,]*).*", "$1");
  }
}
