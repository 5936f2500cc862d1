package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.model.Profile;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccentTest {
  private static final String CHAT = "/v1/chat/completions";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // name | url | profile | mapping | hint | format profile
        "p | https://h<chat> | - | - | - | CHAT PLAIN",
        "deepseek | https://h<chat> | - | - | - | CHAT DEEPSEEK",
        "p | https://h/v1/messages | - | - | - | CLAUDE ANTHROPIC",
        "p | https://api.deepseek.com/c | - | - | - | CHAT DEEPSEEK",
        "anthropic | https://h/x | - | - | - | CLAUDE ANTHROPIC",
        "anthropic | https://h<chat> | - | - | - | CHAT PLAIN",
        // a profile decides, but not against the path of a format that is not spoken
        "p | https://h/x | anthropic | openai | deepseek | CLAUDE ANTHROPIC",
        "p | https://h/v1/messages | vllm | - | - | CHAT VLLM",
        "p | https://h/v1/responses | openai | - | - | RESPONSES OPENAI",
        // mappings go before the host, transformers behind it and before the name
        "p | https://api.groq.com/x | - | deepseek | - | CHAT DEEPSEEK",
        "p | https://api.groq.com/x | - | - | deepseek | CHAT GROQ",
        "openai | https://h<chat> | - | - | deepseek | CHAT DEEPSEEK",
        "openai | https://h<chat> | - | - | openrouter | CHAT OPENROUTER",
        "p | https://h/x | - | anthropic | deepseek | CLAUDE ANTHROPIC",
        "p | https://h/x | - | - | Anthropic | CLAUDE ANTHROPIC",
        "p | https://h<chat> | - | - | Anthropic | CHAT PLAIN",
        "p | https://h/v1/messages | - | - | deepseek | CLAUDE ANTHROPIC",
        // a format's name says nothing about who speaks it
        "p | https://h<chat> | - | openai | - | CHAT PLAIN",
        "p | https://h<chat> | - | nvidia | - | CHAT PLAIN",
        "p | https://api.openai.com/v1/x | - | - | openai_chat_completions | CHAT OPENAI",
        "p | https://h/x | - | - | anthropic_messages | CLAUDE ANTHROPIC",
        // what is not spoken
        "p | https://api.openai.com/v1/responses | - | - | - | RESPONSES OPENAI",
        "p | https://h/x | - | - | openai_responses | RESPONSES PLAIN",
        "p | https://h/x | - | - | openai-responses | RESPONSES PLAIN",
        "p | https://h<chat> | - | - | openai-responses | CHAT PLAIN",
        "p | https://h/v1beta/models/ | - | - | - | GEMINI PLAIN",
        "p | https://h/v1beta | - | - | - | GEMINI PLAIN",
        "p | https://h/m/g:streamGenerateContent | - | - | - | GEMINI PLAIN",
        "p | https://h/x | - | gemini | - | GEMINI GEMINI",
        "p | https://h/x | - | - | gemini_interactions | GEMINI GEMINI",
        "p | https://h/x | - | - | gemini_generate_content | GEMINI GEMINI",
        "p | https://h/x | - | - | vertex-gemini | VERTEX PLAIN",
        "p | https://h/x | - | - | vertex-claude | VERTEX PLAIN",
        "p | https://h<chat> | - | - | gemini | CHAT GEMINI",
        // Google speaks both: requests go where OpenAI's format is spoken
        "g | https://<google>/v1beta/models/ | - | - | - | CHAT GEMINI moved",
        "g | https://<google>/v1beta/models/x:generateContent | - | - | - | CHAT GEMINI moved",
        "g | https://<google>/ | - | - | gemini | CHAT GEMINI moved",
        "g | https://<google> | - | - | gemini | CHAT GEMINI moved",
        "g | https://<google>/v1beta/models/ | gemini | - | - | CHAT GEMINI moved",
        "g | https://<google>/v1beta/openai<c> | - | - | gemini | CHAT GEMINI",
        "g | https://<google>/v1beta/openai/ | - | - | gemini | CHAT GEMINI",
      })
  void theMostTellingSourceDecides(
      String name,
      String url,
      @Nullable String profile,
      @Nullable String mapping,
      @Nullable String hint,
      String expected) {
    URI from =
        URI.create(
            url.replace("<chat>", CHAT)
                .replace("<c>", "/chat/completions")
                .replace("<google>", "generativelanguage.googleapis.com"));
    Accent accent =
        Accent.of(
            name,
            from,
            profile == null ? null : Profile.named(profile),
            mapping == null ? null : Hint.named(mapping),
            hint == null ? null : Hint.named(hint));
    assertEquals(
        expected,
        accent.format() + " " + accent.profile() + (accent.moved() ? " moved" : ""));
    assertEquals(accent.moved() ? Defaults.GEMINI_URL : from, accent.url());
  }

  @ParameterizedTest
  @CsvSource({"H.Example, GROQ", "h.example, GROQ", "sub.h.example, PLAIN", "example, PLAIN"})
  void mappingsAreOfWholeHosts(String host, Profile profile) throws ConfigException {
    String text =
        """
        {"Providers": [{"name": "p", "url": "http://%s:1234/x", "api_key": ""}],
         "domain_mappings": {"h.EXAMPLE": "Groq"}}
        """
            .formatted(host);
    Config config = ConfigReader.parse("config.json", text, Map.of());
    assertEquals(profile, config.providers().getFirst().provider().profile());
  }
}
