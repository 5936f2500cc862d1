package dev.ccr.proxy.catalog;

import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.provider.openai.ChatProfile;
import dev.ccr.proxy.provider.openai.ChatProfile.Depth;
import dev.ccr.proxy.provider.openai.ChatProfile.History;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import dev.ccr.proxy.provider.openai.ChatProfile.Schemas;
import dev.ccr.proxy.provider.openai.ChatProfile.ToolIds;

/** With which accent each upstream speaks OpenAI's format, as data. */
final class ChatProfiles {

  private ChatProfiles() {}

  /** @throws IllegalArgumentException for one that speaks another format */
  static ChatProfile of(Profile profile) {
    ChatProfile plain = ChatProfile.plain();
    return switch (profile) {
      case ANTHROPIC -> throw new IllegalArgumentException(profile + " does not speak chat");
      case OPENAI -> plain.with(ToolIds.UP_TO_40).with(Schemas.PLAIN_TOP);
      case AZURE ->
          plain
              .with(ToolIds.UP_TO_40)
              .with(Schemas.PLAIN_TOP)
              .with(Quirk.API_KEY_HEADER);
      case OPENROUTER ->
          plain
              .with(Depth.REASONING_OBJECT)
              .with(History.REASONING_DETAILS)
              .with(Quirk.CACHE_CONTROL, Quirk.WEB_PLUGIN, Quirk.TOP_K, Quirk.FILE_URLS);
      case MISTRAL ->
          plain
              .with(ToolIds.NINE_ALPHANUMERIC)
              .with(Depth.NONE)
              .with(Quirk.SYSTEM_FIRST_ONLY, Quirk.NO_STREAM_OPTIONS, Quirk.PREFIX);
      case DEEPSEEK ->
          plain
              .with(Depth.THINKING_TYPE)
              .with(History.REASONING_CONTENT)
              .with(Quirk.ALWAYS_REASONING_CONTENT, Quirk.STRINGS_ONLY);
      case MOONSHOT, MINIMAX -> plain.with(Depth.NONE).with(History.REASONING_CONTENT);
      case ZHIPU -> plain.with(Depth.THINKING_TYPE).with(History.REASONING_CONTENT);
      case QWEN ->
          plain
              .with(Depth.ENABLE_THINKING)
              .with(History.REASONING_CONTENT)
              .with(Quirk.TOP_K, Quirk.SYSTEM_FIRST_ONLY);
      case GEMINI ->
          plain
              .with(Depth.GEMINI_EFFORT)
              .with(Schemas.OPEN_API)
              .with(
                  Quirk.SYSTEM_FIRST_ONLY,
                  Quirk.NO_PARALLEL_TOOL_CALLS,
                  Quirk.THOUGHT_SIGNATURES);
      case GROQ -> plain.with(Depth.NONE).with(Schemas.PLAIN_TOP);
      case CEREBRAS ->
          plain
              .with(Depth.NONE)
              .with(Quirk.STRINGS_ONLY, Quirk.NO_PARALLEL_TOOL_CALLS);
      case XAI -> plain.with(Depth.NONE).with(Quirk.NO_STOP);
      case PERPLEXITY ->
          plain.with(Depth.NONE).with(Quirk.SYSTEM_FIRST_ONLY, Quirk.ALTERNATING);
      case OLLAMA ->
          plain
              .with(Depth.NONE)
              .with(
                  Quirk.SYSTEM_FIRST_ONLY,
                  Quirk.NO_TOOL_CHOICE,
                  Quirk.NO_PARALLEL_TOOL_CALLS,
                  Quirk.NO_NULL_CONTENT);
      case VLLM, SGLANG ->
          plain.with(
              Quirk.TOP_K, Quirk.SYSTEM_FIRST_ONLY, Quirk.ALTERNATING, Quirk.NO_NULL_CONTENT);
      case BEDROCK ->
          plain
              .with(Depth.NONE)
              .with(Quirk.SYSTEM_FIRST_ONLY, Quirk.ALTERNATING, Quirk.TOOLS_WITH_CALLS);
      case PLAIN -> plain.with(Quirk.SYSTEM_FIRST_ONLY);
    };
  }
}
