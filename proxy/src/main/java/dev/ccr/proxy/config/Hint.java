package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a name of another router tells of an upstream: its dialect, protocol or transformer.
 *
 * @param format how requests look
 * @param profile whose accent it has, or {@code null} if the name does not tell
 */
record Hint(Format format, @Nullable Profile profile) {

  /** The names that dialects have beside those of profiles. */
  private static final List<String> OTHERS = List.of("nvidia");

  /** What a name tells whatever its case, or {@code null} if it is unknown. */
  static @Nullable Hint named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      // Elsewhere this means the format, whoever speaks it; the host tells if it is OpenAI.
      case "openai", "openai_chat_completions", "nvidia", "vercel" -> new Hint(Format.CHAT, null);
      case "anthropic_messages" -> new Hint(Format.CLAUDE, Profile.ANTHROPIC);
      case "openai_responses", "openai-responses" -> new Hint(Format.RESPONSES, null);
      case "gemini", "gemini_generate_content", "gemini_interactions" ->
          new Hint(Format.GEMINI, Profile.GEMINI);
      case "vertex-gemini", "vertex-claude" -> new Hint(Format.VERTEX, null);
      default -> {
        Profile profile = Profile.named(name);
        yield profile == null ? null : new Hint(Format.of(profile), profile);
      }
    };
  }

  /** The names that {@code domain_mappings} may give. */
  static List<String> dialects() {
    List<String> names = new ArrayList<>(Profile.keys());
    names.addAll(OTHERS);
    return names;
  }
}
