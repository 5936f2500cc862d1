package dev.ccr.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.config.Secret;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyReferencesTest {

  private static final Map<String, String> ENV =
      Map.of("DS_KEY", "secret", "OTHER", "secret", "CCR_API_KEY", "for-all");

  @ParameterizedTest
  @CsvSource({
    "api_key: ${DS_KEY},        secret,  ${DS_KEY}",
    "api_key: $DS_KEY,          secret,  ${DS_KEY}",
    "api_key: ${DS_KEY:-none},  secret,  ${DS_KEY}",
    "no api_key at all,         for-all, ${CCR_API_KEY}",
    "api_key: secret,           secret,  secret",
    "api_key: $DS_KEY secret,   secret,  secret",
    "api_key: unrelated,        secret,  secret",
    "api_key: x${DS_KEY},       xsecret, xsecret",
  })
  void aKeyOfAVariableIsWrittenAsAReference(String source, String key, String written) {
    assertEquals(written, new KeyReferences(source, ENV).written(Secret.of(key)));
  }
}
