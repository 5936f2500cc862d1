package dev.ccr.proxy.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ProfileTest {

  @ParameterizedTest
  @CsvSource({
    "any, https://api.openai.com/v1/chat/completions, OPENAI",
    "mistral, https://openrouter.ai/api/v1/chat/completions, OPENROUTER",
    "any, https://API.Mistral.AI/v1/chat/completions, MISTRAL",
    "any, https://eu.api.deepseek.com/chat/completions, DEEPSEEK",
    "any, https://mine.openai.azure.com/openai/deployments/d/chat/completions?api-version=1, AZURE",
    "any, https://generativelanguage.googleapis.com/v1beta/openai/chat/completions, GEMINI",
    "Ollama, http://127.0.0.1:11434/v1/chat/completions, OLLAMA",
    "vllm, http://10.0.0.5:8000/v1/chat/completions, VLLM",
    "any, https://api.notopenai.com/v1/chat/completions, PLAIN",
    "any, https://evilapi.openai.com.example/v1, PLAIN",
    "any, http://127.0.0.1:8000/, PLAIN",
    "any, https://api.anthropic.com/v1/messages, ANTHROPIC",
    "any, https://api.anthropic.com/, ANTHROPIC",
    "any, https://proxy.example/anthropic/v1/messages, ANTHROPIC",
    "anthropic, http://127.0.0.1:8000/, ANTHROPIC",
    "any, https://anthropic.com.example/v1/chat/completions, PLAIN",
  })
  void anUpstreamIsKnownByItsHostElseByItsNameElseByItsPath(
      String name, URI url, Profile expected) {
    assertEquals(expected, Profile.of(name, url));
  }

  @ParameterizedTest
  @CsvSource({
    "any, https://openrouter.ai/api/v1/messages, ANTHROPIC",
    "any, https://api.deepseek.com/anthropic/v1/messages, ANTHROPIC",
    "openai, http://127.0.0.1:8000/v1/messages, ANTHROPIC",
    "any, https://api.anthropic.com/v1/chat/completions, PLAIN",
    "anthropic, http://127.0.0.1:8000/v1/chat/completions, PLAIN",
  })
  void thePathDecidesWhereOneHostOffersBothFormats(String name, URI url, Profile expected) {
    assertEquals(expected, Profile.of(name, url));
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void aProfileIsNamedByItsKeyWhateverItsCase(Profile profile) {
    assertEquals(profile, Profile.named(profile.key()));
    assertEquals(profile, Profile.named(profile.name()));
  }

  @Test
  void anotherNameIsNone() {
    assertNull(Profile.named("nobody"));
  }
}
