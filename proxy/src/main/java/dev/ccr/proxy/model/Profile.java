package dev.ccr.proxy.model;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who an upstream is, as far as that decides how it is spoken to. Which words it then gets is the
 * catalog's business; here is only how it is known.
 */
public enum Profile {
  ANTHROPIC("anthropic.com"),
  OPENAI("api.openai.com"),
  AZURE("openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com"),
  OPENROUTER("openrouter.ai"),
  MISTRAL("api.mistral.ai"),
  DEEPSEEK("api.deepseek.com"),
  MOONSHOT("api.moonshot.ai", "api.moonshot.cn"),
  ZHIPU("api.z.ai", "open.bigmodel.cn"),
  QWEN("dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"),
  MINIMAX("api.minimax.io", "api.minimaxi.com", "api.minimax.chat"),
  GEMINI("generativelanguage.googleapis.com"),
  GROQ("api.groq.com"),
  CEREBRAS("api.cerebras.ai"),
  XAI("api.x.ai"),
  PERPLEXITY("api.perplexity.ai"),
  OLLAMA("ollama.com"),
  VLLM,
  SGLANG,
  BEDROCK,
  /** Speaks OpenAI's chat completions, and nothing else is known. */
  PLAIN;

  private static final String CLAUDE_PATH = "/messages";
  private static final String CHAT_PATH = "/chat/completions";

  @SuppressWarnings("ImmutableEnumChecker") // an immutable list
  private final List<String> hosts;

  Profile(String... hosts) {
    this.hosts = List.of(hosts);
  }

  /** The name that a configuration may give. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All {@link #key() keys}, in the order of the papers. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(Profile::key).toList();
  }

  /** The profile of a key whatever its case, or {@code null}. */
  public static @Nullable Profile named(String key) {
    String wanted = key.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(profile -> profile.key().equals(wanted))
        .findFirst()
        .orElse(null);
  }

  /** Its hosts; hosts below them count too. Empty if it is known by its name only. */
  public List<String> hosts() {
    return hosts;
  }

  /** Whether it speaks the Claude API. */
  public boolean speaksClaude() {
    return this == ANTHROPIC;
  }

  /**
   * Who an upstream is if the configuration does not say: whoever has the host of its URL, else the
   * provider's name. The end of the path decides the format in any case, since several hosts offer
   * both: {@code /messages} is the Claude API's, {@code /chat/completions} is OpenAI's.
   */
  public static Profile of(String name, URI url) {
    String path = lower(url.getPath());
    boolean claude = path.endsWith(CLAUDE_PATH);
    boolean chat = path.endsWith(CHAT_PATH);
    Profile known = byHost(lower(url.getHost()));
    if (known == null) {
      known = named(name);
    }
    if (known == null || (claude && !known.speaksClaude()) || (chat && known.speaksClaude())) {
      return claude ? ANTHROPIC : PLAIN;
    }
    return known;
  }

  private static @Nullable Profile byHost(String host) {
    for (Profile profile : values()) {
      for (String known : profile.hosts) {
        if (host.equals(known) || host.endsWith("." + known)) {
          return profile;
        }
      }
    }
    return null;
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }
}
