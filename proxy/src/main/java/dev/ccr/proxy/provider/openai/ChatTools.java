package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.openai.ChatModel.Trait;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a request and the choice among them. Tools that the Claude API itself would run are
 * left out, web search at some upstreams excepted; tools that a client would load later are sent at
 * once, since nobody else can load them.
 */
final class ChatTools {

  private static final byte[] TOOLS = ascii(",\"tools\":[");
  private static final byte[] FUNCTION = ascii("{\"type\":\"function\",\"function\":{\"name\":");
  private static final byte[] DESCRIPTION = ascii(",\"description\":");
  private static final byte[] FUNCTION_END = ascii("}}");
  private static final byte[] CHOICE = ascii(",\"tool_choice\":");
  private static final byte[] ONE_AT_A_TIME = ascii(",\"parallel_tool_calls\":false");

  /** For upstreams that want tools wherever there have been calls. */
  private static final byte[] NO_TOOL =
      ascii(
          ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"no_tool\","
              + "\"description\":\"Does nothing: never call it.\",\"parameters\":"
              + "{\"type\":\"object\",\"properties\":{}}}}]");

  /** Claude Code's stand-in for tools it has not loaded: nobody may call it. */
  private static final String PLACEHOLDER = "DeferredToolPlaceholder";

  private final ChatProfile profile;
  private final ChatModel model;
  private final ToolNames names;
  private final ByteBuffer body;
  private @Nullable ChatSchemas schemas; // made with the first tool that has one
  private final Splices.Section tools;
  private final Set<String> sent = new HashSet<>();
  private final Span description = new Span();
  private final Span userLocation = new Span();
  private final WebSearchTool webSearch;
  private String choice = "";
  private String chosen = "";
  private boolean oneAtATime;

  ChatTools(
      ByteBuffer body, Splices splices, ChatProfile profile, ChatModel model, ToolNames names) {
    this.profile = profile;
    this.model = model;
    this.names = names;
    this.body = body;
    webSearch = new WebSearchTool(body, profile, model);
    tools = splices.section();
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
    at.enterObject();
    while (at.nextField()) {
      JsonCursor.Kind kind = at.peek();
      at.skipValue();
      if (at.keyIs("type") && kind == JsonCursor.Kind.STRING) {
        choice = at.stringValue();
      } else if (at.keyIs("name") && kind == JsonCursor.Kind.STRING) {
        chosen = at.stringValue();
      } else if (at.keyIs("disable_parallel_tool_use")) {
        oneAtATime = kind == JsonCursor.Kind.TRUE;
      }
    }
  }

  /**
   * Without tools there is no choice either: OpenAI refuses both an empty list and a lone choice.
   *
   * @param called whether the conversation holds calls
   */
  void appendTo(boolean called, Splices.Section out) throws JsonSyntaxException {
    if (!tools.isEmpty()) {
      out.glue(TOOLS).append(tools).glue(']');
      appendChoice(out);
      if (oneAtATime
          && !model.has(Trait.REFUSES_PARALLEL_TOOL_CALLS)
          && !profile.has(Quirk.NO_PARALLEL_TOOL_CALLS)) {
        out.glue(ONE_AT_A_TIME);
      }
    } else if (called && profile.has(Quirk.TOOLS_WITH_CALLS)) {
      out.glue(NO_TOOL);
    }
    webSearch.appendTo(out);
  }

  private void appendChoice(Splices.Section out) {
    if (profile.has(Quirk.NO_TOOL_CHOICE)) {
      return;
    }
    switch (choice) {
      case "auto", "none" -> out.glue(CHOICE).string(choice);
      case "any" -> out.glue(CHOICE).string("required");
      case "tool" -> {
        if (sent.contains(chosen)) { // a tool that was left out cannot be asked for
          out.glue(CHOICE).glue(FUNCTION).string(names.toUpstream(chosen)).glue(FUNCTION_END);
        }
      }
      default -> {}
    }
  }

  private ChatSchemas schemas() {
    ChatSchemas made = schemas == null ? new ChatSchemas(body, profile.schemas()) : schemas;
    schemas = made;
    return made;
  }

  private void readTool(JsonCursor at) throws JsonSyntaxException {
    String type = "";
    String name = "";
    description.clear();
    if (schemas != null) {
      schemas.clear();
    }
    userLocation.clear();
    at.enterObject();
    while (at.nextField()) {
      JsonCursor.Kind kind = at.peek();
      if (kind == JsonCursor.Kind.OBJECT && at.keyIs("input_schema")) {
        schemas().read(at);
        continue;
      }
      at.skipValue();
      if (at.keyIs("type") && kind == JsonCursor.Kind.STRING) {
        type = at.stringValue();
      } else if (at.keyIs("name") && kind == JsonCursor.Kind.STRING) {
        name = at.stringValue();
      } else if (at.keyIs("description") && kind == JsonCursor.Kind.STRING) {
        description.set(at.valueStart(), at.valueEnd());
      } else if (at.keyIs("user_location") && kind == JsonCursor.Kind.OBJECT) {
        userLocation.set(at.valueStart(), at.valueEnd());
      }
    }
    if (type.startsWith(WebSearchTool.TYPE)) {
      webSearch.want(userLocation);
    }
    byte[] known = ClientTools.schema(type);
    boolean custom = type.isEmpty() || type.equals("custom");
    if ((custom || known != null) && !name.isEmpty() && !name.equals(PLACEHOLDER)) {
      begin(name);
      if (known != null) {
        ChatSchemas.append(known, tools);
      } else {
        schemas().append(tools);
      }
      tools.glue(FUNCTION_END);
    }
  }

  private void begin(String name) {
    sent.add(name);
    tools.comma().glue(FUNCTION).string(names.toUpstream(name));
    if (description.isPresent() && !description.isEmptyString()) {
      tools.glue(DESCRIPTION).range(description);
    }
  }
}
