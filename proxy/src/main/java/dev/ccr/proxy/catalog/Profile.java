package dev.ccr.proxy.catalog;

import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.openai.ChatProfile;
import dev.ccr.proxy.provider.openai.ChatProfile.Depth;
import dev.ccr.proxy.provider.openai.ChatProfile.History;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import dev.ccr.proxy.provider.openai.ChatProfile.ToolIds;
import dev.ccr.proxy.provider.openai.OpenAiCodec;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks OpenAI's format with which accent, as data. A provider is known by the host of its URL,
 * else by its name; whoever is not known speaks it plainly.
 */
public enum Profile {
  OPENAI(ChatProfile.plain().with(ToolIds.UP_TO_40), "api.openai.com"),
  OPENROUTER(
      ChatProfile.plain()
          .with(Depth.REASONING_OBJECT)
          .with(History.REASONING_DETAILS)
          .with(Quirk.CACHE_CONTROL, Quirk.WEB_PLUGIN, Quirk.TOP_K, Quirk.FILE_URLS),
      "openrouter.ai"),
  MISTRAL(
      ChatProfile.plain().with(ToolIds.NINE_ALPHANUMERIC).with(Depth.NONE), "api.mistral.ai"),
  DEEPSEEK(
      ChatProfile.plain()
          .with(Depth.THINKING_TYPE)
          .with(History.REASONING_CONTENT)
          .with(Quirk.ALWAYS_REASONING_CONTENT),
      "api.deepseek.com"),
  MOONSHOT(
      ChatProfile.plain().with(Depth.NONE).with(History.REASONING_CONTENT),
      "api.moonshot.ai",
      "api.moonshot.cn"),
  ZHIPU(
      ChatProfile.plain().with(Depth.THINKING_TYPE).with(History.REASONING_CONTENT),
      "api.z.ai",
      "open.bigmodel.cn"),
  QWEN(
      ChatProfile.plain()
          .with(Depth.ENABLE_THINKING)
          .with(History.REASONING_CONTENT)
          .with(Quirk.TOP_K),
      "dashscope.aliyuncs.com",
      "dashscope-intl.aliyuncs.com"),
  GROQ(ChatProfile.plain().with(Depth.NONE), "api.groq.com"),
  CEREBRAS(
      ChatProfile.plain()
          .with(Depth.NONE)
          .with(Quirk.STRINGS_ONLY, Quirk.NO_PARALLEL_TOOL_CALLS),
      "api.cerebras.ai"),
  OLLAMA(
      ChatProfile.plain()
          .with(Depth.NONE)
          .with(Quirk.NO_TOOL_CHOICE, Quirk.NO_PARALLEL_TOOL_CALLS, Quirk.NO_NULL_CONTENT),
      "ollama.com"),
  VLLM(ChatProfile.plain().with(Quirk.TOP_K, Quirk.SYSTEM_FIRST_ONLY, Quirk.NO_NULL_CONTENT)),
  PLAIN(ChatProfile.plain());

  @SuppressWarnings("ImmutableEnumChecker") // a record of enums and an immutable set
  private final ChatProfile profile;

  @SuppressWarnings("ImmutableEnumChecker") // an immutable list
  private final List<String> hosts;

  Profile(ChatProfile profile, String... hosts) {
    this.profile = profile;
    this.hosts = List.of(hosts);
  }

  /** How a provider is spoken to. */
  public static ProviderCodec codec(Provider provider) {
    return Dialect.of(provider) == Dialect.OPENAI
        ? of(provider).codec()
        : Dialect.of(provider).codec();
  }

  /** The accent of a provider that speaks OpenAI's format. */
  public static Profile of(Provider provider) {
    String host = lower(provider.url().getHost());
    for (Profile profile : values()) {
      if (profile.hosts.stream().anyMatch(h -> host.equals(h) || host.endsWith("." + h))) {
        return profile;
      }
    }
    String name = lower(provider.name());
    for (Profile profile : values()) {
      if (name.equals(lower(profile.name()))) {
        return profile;
      }
    }
    return PLAIN;
  }

  /** A new codec; one serves all threads. */
  ProviderCodec codec() {
    return new OpenAiCodec(profile, () -> ThreadLocalRandom.current().nextLong());
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }
}
