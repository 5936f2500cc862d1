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
 * @param quirks what else is different
 */
public record ChatProfile(ToolIds toolIds, Depth depth, History history, Set<Quirk> quirks) {

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

  /** Single differences. */
  public enum Quirk {
    /** Refuses {@code stream_options}. */
    NO_STREAM_OPTIONS,
    /** Takes a system message only at the very beginning. */
    SYSTEM_FIRST_ONLY,
    /** Takes no list of parts as content. */
    STRINGS_ONLY,
    /** Refuses {@code tool_choice}. */
    NO_TOOL_CHOICE,
    /** Refuses {@code parallel_tool_calls}. */
    NO_PARALLEL_TOOL_CALLS,
    /** Knows {@code top_k}. */
    TOP_K,
    /** Wants {@code ""} where OpenAI takes {@code null} as a content. */
    NO_NULL_CONTENT,
    /** Wants {@code reasoning_content} in every assistant message, if only empty. */
    ALWAYS_REASONING_CONTENT,
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
    return new ChatProfile(ToolIds.ANY, Depth.EFFORT, History.DROPPED, Set.of());
  }

  public ChatProfile with(ToolIds changed) {
    return new ChatProfile(changed, depth, history, quirks);
  }

  public ChatProfile with(Depth changed) {
    return new ChatProfile(toolIds, changed, history, quirks);
  }

  public ChatProfile with(History changed) {
    return new ChatProfile(toolIds, depth, changed, quirks);
  }

  /** Adds quirks. */
  public ChatProfile with(Quirk first, Quirk... more) {
    EnumSet<Quirk> all = EnumSet.of(first, more);
    all.addAll(quirks);
    return new ChatProfile(toolIds, depth, history, all);
  }

  boolean has(Quirk quirk) {
    return quirks.contains(quirk);
  }
}
