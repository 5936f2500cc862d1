package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;

/**
 * The tools of a request and the choice among them. Tools that the Claude API itself would run are
 * left out: no other upstream can.
 */
final class ChatTools {

  private static final byte[] TOOLS = ascii(",\"tools\":[");
  private static final byte[] FUNCTION = ascii("{\"type\":\"function\",\"function\":{\"name\":");
  private static final byte[] DESCRIPTION = ascii(",\"description\":");
  private static final byte[] PARAMETERS = ascii(",\"parameters\":");
  private static final byte[] NO_PARAMETERS = ascii("{\"type\":\"object\",\"properties\":{}}");
  private static final byte[] FUNCTION_END = ascii("}}");
  private static final byte[] CHOICE = ascii(",\"tool_choice\":");
  private static final byte[] ONE_AT_A_TIME = ascii(",\"parallel_tool_calls\":false");

  private final Splices.Section tools;
  private final Splices.Section choice;
  private final Span name = new Span();
  private final Span description = new Span();
  private final Span schema = new Span();

  ChatTools(Splices out) {
    tools = out.section();
    choice = out.section();
  }

  /** Reads the field {@code tools}. */
  void readTools(JsonCursor at) throws JsonSyntaxException {
    if (at.peek() != JsonCursor.Kind.ARRAY) {
      at.skipValue();
      return;
    }
    at.enterArray();
    while (at.nextElement()) {
      readTool(at);
    }
  }

  /** Reads the field {@code tool_choice}. */
  void readChoice(JsonCursor at) throws JsonSyntaxException {
    if (at.peek() != JsonCursor.Kind.OBJECT) {
      at.skipValue();
      return;
    }
    String type = "";
    boolean oneAtATime = false;
    name.clear();
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("type") && at.peek() == JsonCursor.Kind.STRING) {
        at.readString();
        type = at.stringValue();
      } else if (at.keyIs("name") && at.peek() == JsonCursor.Kind.STRING) {
        at.readString();
        name.set(at.valueStart(), at.valueEnd());
      } else if (at.keyIs("disable_parallel_tool_use")) {
        oneAtATime = at.peek() == JsonCursor.Kind.TRUE;
        at.skipValue();
      } else {
        at.skipValue();
      }
    }
    switch (type) {
      case "auto" -> choice.glue(CHOICE).string("auto");
      case "any" -> choice.glue(CHOICE).string("required");
      case "none" -> choice.glue(CHOICE).string("none");
      case "tool" -> {
        if (name.isPresent()) {
          choice.glue(CHOICE).glue(FUNCTION).range(name).glue(FUNCTION_END);
        }
      }
      default -> {}
    }
    if (oneAtATime) {
      choice.glue(ONE_AT_A_TIME);
    }
  }

  /** Without tools there is no choice either: OpenAI refuses both an empty list and a lone choice. */
  void appendTo(Splices.Section text) {
    if (!tools.isEmpty()) {
      text.glue(TOOLS).append(tools).glue(']').append(choice);
    }
  }

  private void readTool(JsonCursor at) throws JsonSyntaxException {
    boolean isCustom = true;
    name.clear();
    description.clear();
    schema.clear();
    at.enterObject();
    while (at.nextField()) {
      JsonCursor.Kind kind = at.peek();
      if (at.keyIs("type")) {
        at.skipValue();
        isCustom = kind != JsonCursor.Kind.STRING || at.stringIs("custom");
      } else if (at.keyIs("name") && kind == JsonCursor.Kind.STRING) {
        at.skipValue();
        name.set(at.valueStart(), at.valueEnd());
      } else if (at.keyIs("description") && kind == JsonCursor.Kind.STRING) {
        at.skipValue();
        description.set(at.valueStart(), at.valueEnd());
      } else if (at.keyIs("input_schema") && kind == JsonCursor.Kind.OBJECT) {
        at.skipValue();
        schema.set(at.valueStart(), at.valueEnd());
      } else {
        at.skipValue();
      }
    }
    if (isCustom && name.isPresent()) {
      writeFunction();
    }
  }

  private void writeFunction() {
    tools.comma().glue(FUNCTION).range(name);
    if (description.isPresent()) {
      tools.glue(DESCRIPTION).range(description);
    }
    tools.glue(PARAMETERS);
    if (schema.isPresent()) {
      tools.range(schema);
    } else {
      tools.glue(NO_PARAMETERS);
    }
    tools.glue(FUNCTION_END);
  }
}
