package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigChangeTest {

  private static final Map<String, String> NO_ENV = Map.of();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"PORT\": 6970           | []",
        "\"HOST\": \"127.0.0.1\"    | []",
        "\"APIKEY\": \"other\"      | []",
        "\"LOG_LEVEL\": \"debug\"   | []",
        "\"PORT\": 7000           | [PORT]",
        "\"HOST\": \"::1\"          | [HOST]",
        "\"HOST\": \"::1\", \"PORT\": 1 | [HOST, PORT]",
      })
  void onlyWhereItListensNeedsARestart(String fields, String keys) throws ConfigException {
    assertEquals(
        keys, ConfigChange.needsRestart(config("\"LOG_LEVEL\": \"info\""), config(fields)) + "");
  }

  @Test
  void aVariableThatOverridesTheFileMakesAChangeOfItNoChange() throws ConfigException {
    Map<String, String> env = Map.of("CCR_PORT", "0");
    assertEquals(
        List.of(),
        ConfigChange.needsRestart(config("\"PORT\": 1", env), config("\"PORT\": 2", env)));
  }

  @Test
  void aKeyIsNeededAsLongAsTheRouterListensToOthers() throws ConfigException {
    Config open = config("\"HOST\": \"0.0.0.0\", \"APIKEY\": \"k\"");
    Config narrow = config("\"HOST\": \"127.0.0.1\"");
    assertEquals(
        List.of(
            "config.json: APIKEY: missing (expected: one, because the router listens on"
                + " \"0.0.0.0\" until it is restarted)"),
        assertThrows(ConfigException.class, () -> ConfigChange.check(open, narrow)).problems());
    assertDoesNotThrow(() -> ConfigChange.check(open, open));
    assertDoesNotThrow(() -> ConfigChange.check(narrow, open));
    assertDoesNotThrow(() -> ConfigChange.check(narrow, narrow));
  }

  private static Config config(String fields) throws ConfigException {
    return config(fields, NO_ENV);
  }

  private static Config config(String fields, Map<String, String> env) throws ConfigException {
    return ConfigReader.parse(
        "config.json",
        """
        {%s,
         "Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
         "Router": {"default": "p,m"}}
        """
            .formatted(fields),
        env);
  }
}
