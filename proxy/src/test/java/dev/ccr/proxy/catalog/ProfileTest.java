package dev.ccr.proxy.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.model.Provider;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProfileTest {

  @ParameterizedTest
  @CsvSource({
    "any, https://api.openai.com/v1/chat/completions, OPENAI",
    "mistral, https://openrouter.ai/api/v1/chat/completions, OPENROUTER",
    "any, https://API.Mistral.AI/v1/chat/completions, MISTRAL",
    "any, https://eu.api.deepseek.com/chat/completions, DEEPSEEK",
    "Ollama, http://127.0.0.1:11434/v1/chat/completions, OLLAMA",
    "vllm, http://10.0.0.5:8000/v1/chat/completions, VLLM",
    "any, https://api.notopenai.com/v1/chat/completions, PLAIN",
    "any, https://evilapi.openai.com.example/v1, PLAIN",
  })
  void aProviderIsKnownByItsHostElseByItsName(String name, URI url, Profile expected) {
    assertEquals(expected, Profile.of(new Provider(name, url, List.of())));
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.anthropic.com/v1/messages, ANTHROPIC",
    "https://proxy.example/anthropic/v1/messages, ANTHROPIC",
    "https://api.anthropic.com/v1/chat/completions, ANTHROPIC",
    "https://anthropic.com.example/v1/chat/completions, OPENAI",
    "http://127.0.0.1:8000/, OPENAI",
  })
  void theDialectIsKnownByHostOrPath(URI url, Dialect expected) {
    assertEquals(expected, Dialect.of(new Provider("any", url, List.of())));
  }
}
