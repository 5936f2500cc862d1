package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.model.Provider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutputCapTest {

  private static Provider provider(String cap) throws ConfigException {
    String text =
        """
        {"Providers": [{"name": "p", "api_base_url": "https://p.example", "api_key": "",
                        "max_output_tokens": %s}],
         "Router": {"default": "p,m"}}
        """
            .formatted(cap);
    return ConfigReader.parse("config.json", text, Map.of())
        .providers()
        .getFirst()
        .provider();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null                        | m     | 9223372036854775807",
        "16384                       | m     | 16384",
        "{\"m\": 1}                  | m     | 1",
        "{\"m\": 1}                  | other | 9223372036854775807",
        "{\"m\": 2147483647, \"\": 5} | other | 5",
      })
  void aCapIsForAllModelsOrForEach(String cap, String model, long expected)
      throws ConfigException {
    assertEquals(expected, provider(cap).maxOutputTokens(model));
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "1.5", "2147483648", "\"16384\"", "[]"})
  void aCapIsAPositiveNumber(String cap) {
    ConfigException problems = assertThrows(ConfigException.class, () -> provider(cap));
    assertEquals(1, problems.problems().size());
  }

  @Test
  void theProblemNamesTheModel() {
    ConfigException problems =
        assertThrows(ConfigException.class, () -> provider("{\"gpt-4o\": 0}"));
    assertEquals(
        List.of(
            "config.json:2: Providers[0].max_output_tokens.gpt-4o: 0"
                + " (expected: a number of tokens, 1 to 2147483647)"),
        problems.problems());
  }
}
