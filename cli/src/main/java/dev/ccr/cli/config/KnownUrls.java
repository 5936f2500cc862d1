package dev.ccr.cli.config;

import java.util.Locale;
import java.util.Map;

/** Where the providers that many use are reached, by the names that most give them. */
final class KnownUrls {

  private static final Map<String, String> URLS =
      Map.ofEntries(
          Map.entry("anthropic", "https://api.anthropic.com/v1/messages"),
          Map.entry("cerebras", "https://api.cerebras.ai/v1/chat/completions"),
          Map.entry("deepseek", "https://api.deepseek.com/chat/completions"),
          Map.entry(
              "gemini", "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"),
          Map.entry("groq", "https://api.groq.com/openai/v1/chat/completions"),
          Map.entry("minimax", "https://api.minimax.io/v1/chat/completions"),
          Map.entry("mistral", "https://api.mistral.ai/v1/chat/completions"),
          Map.entry("moonshot", "https://api.moonshot.ai/v1/chat/completions"),
          Map.entry("nvidia", "https://integrate.api.nvidia.com/v1/chat/completions"),
          Map.entry("ollama", "http://127.0.0.1:11434/v1/chat/completions"),
          Map.entry("openai", "https://api.openai.com/v1/chat/completions"),
          Map.entry("openrouter", "https://openrouter.ai/api/v1/chat/completions"),
          Map.entry("perplexity", "https://api.perplexity.ai/chat/completions"),
          Map.entry(
              "qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions"),
          Map.entry("sglang", "http://127.0.0.1:30000/v1/chat/completions"),
          Map.entry("vllm", "http://127.0.0.1:8000/v1/chat/completions"),
          Map.entry("xai", "https://api.x.ai/v1/chat/completions"),
          Map.entry("zhipu", "https://api.z.ai/api/paas/v4/chat/completions"));

  private KnownUrls() {}

  /** The URL of a provider, or nothing if only its user knows. */
  static String of(String provider) {
    return URLS.getOrDefault(provider.toLowerCase(Locale.ROOT), "");
  }
}
