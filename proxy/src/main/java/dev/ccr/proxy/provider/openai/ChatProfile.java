package dev.ccr.proxy.provider.openai;

import java.util.EnumSet;
import java.util.Set;

/**
 * With which accent an upstream speaks OpenAI's format. Data, not code: a provider is described by
 * choosing among what is here.
 *
 * @param toolIds which tool call ids it takes
 * @param depth how it is told to think, and how much
 * @param history how it gets its own reasoning back
 * @param schemas which JSON schemas it takes for a tool's parameters
 * @param quirks what else is different
 */
public record ChatProfile(
    ToolIds toolIds, Depth depth, History history, Schemas schemas, Set<Quirk> quirks) {

  /** Which tool call ids an upstream takes. Others are mapped, always to the same. */
  public enum ToolIds {
    ANY,
    /** At most 40 characters: OpenAI's older endpoints. */
    UP_TO_40,
    /** Exactly nine letters and digits: Mistral. */
    NINE_ALPHANUMERIC
  }

  /** How the wish for reasoning is said. */
  public enum Depth {
    /** {@code reasoning_effort}, to models that are known to reason by their names. */
    EFFORT,
    /** {@code reasoning_effort} of three degrees, to Gemini 2.5 and later. */
    GEMINI_EFFORT,
    /** {@code reasoning: {effort | max_tokens | enabled}}: OpenRouter. */
    REASONING_OBJECT,
    /** {@code thinking: {type}}: DeepSeek, GLM. */
    THINKING_TYPE,
    /** {@code enable_thinking}: Qwen. */
    ENABLE_THINKING,
    /** Not at all. */
    NONE
  }

  /** How the reasoning of earlier turns goes back. */
  public enum History {
    DROPPED,
    /** As the text {@code reasoning_content} of its message. */
    REASONING_CONTENT,
    /** As {@code reasoning_details}, with signatures: OpenRouter. */
    REASONING_DETAILS
  }

  /** Which schemas are taken. All of them must be objects with properties. */
  public enum Schemas {
    /** Any JSON schema. */
    ANY,
    /** No {@code anyOf} and its like beside {@code properties} at the top: OpenAI. */
    PLAIN_TOP,
    /** Only the keywords of OpenAPI 3.0: Gemini. */
    OPEN_API
  }

  /** Single differences. */
  public enum Quirk {
    /** Wants its key as {@code api-key}. */
    API_KEY_HEADER,
    /** Refuses {@code stream_options}. */
    NO_STREAM_OPTIONS,
    /** Refuses {@code stop} for some of its models. */
    NO_STOP,
    /** Takes a system message only at the very beginning. */
    SYSTEM_FIRST_ONLY,
    /** Wants user and assistant to take turns. */
    ALTERNATING,
    /** Takes no list of parts as content, and so neither images nor files. */
    STRINGS_ONLY,
    /** Refuses {@code tool_choice}. */
    NO_TOOL_CHOICE,
    /** Refuses {@code parallel_tool_calls}. */
    NO_PARALLEL_TOOL_CALLS,
    /** Refuses a history of tool calls without tools. */
    TOOLS_WITH_CALLS,
    /** Knows {@code top_k}. */
    TOP_K,
    /** Wants {@code ""} where OpenAI takes {@code null} as a content. */
    NO_NULL_CONTENT,
    /** Wants {@code prefix: true} in an assistant message that it is to go on with. */
    PREFIX,
    /** Wants {@code reasoning_content} in every assistant message, if only empty. */
    ALWAYS_REASONING_CONTENT,
    /** Signs its tool calls, and wants the signatures back. */
    THOUGHT_SIGNATURES,
    /** Takes {@code cache_control} on parts, for the models that cache by it. */
    CACHE_CONTROL,
    /** Searches the web by a plugin. */
    WEB_PLUGIN,
    /** Takes PDF files by their URL. */
    FILE_URLS
  }

  public ChatProfile {
    quirks = Set.copyOf(quirks);
  }

  /** OpenAI's format as OpenAI speaks it. */
  public static ChatProfile plain() {
    return new ChatProfile(
        ToolIds.ANY, Depth.EFFORT, History.DROPPED, Schemas.ANY, Set.of());
  }

  public ChatProfile with(ToolIds changed) {
    return new ChatProfile(changed, depth, history, schemas, quirks);
  }

  public ChatProfile with(Depth changed) {
    return new ChatProfile(toolIds, changed, history, schemas, quirks);
  }

  public ChatProfile with(History changed) {
    return new ChatProfile(toolIds, depth, changed, schemas, quirks);
  }

  public ChatProfile with(Schemas changed) {
    return new ChatProfile(toolIds, depth, history, changed, quirks);
  }

  /** Adds quirks. */
  public ChatProfile with(Quirk first, Quirk... more) {
    EnumSet<Quirk> all = EnumSet.of(first, more);
    all.addAll(quirks);
    return new ChatProfile(toolIds, depth, history, schemas, all);
  }

  boolean has(Quirk quirk) {
    return quirks.contains(quirk);
  }
}
