package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VariablesTest {
  private static final Map<String, String> ENV =
      Map.of("A", "1", "A_B", "2", "a", "3", "EMPTY", "", "BACK", "$A \\ ${A}", "with-dash", "4");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$A             | 1",
        "${A}           | 1",
        "x$A.y${A_B}z   | x1.y2z",
        "$A_B           | 2",
        "${A}_B         | 1_B",
        "$AB            | $AB",
        "$Ab            | 1b",
        "$a             | $a",
        "${a}           | 3",
        "${with-dash}   | 4",
        "$BACK          | $A \\ ${A}",
        "$EMPTY         | $EMPTY",
        "$1 $ $$A       | $1 $ $1",
        "${             | ${",
        "${}            | ${}",
        "OF_FILE        | OF_FILE",
        "$OF_FILE       | v",
        "$OF_ENV        | 1",
        "$OF_ITSELF     | $OF_ITSELF",
        "$name          | $name",
      })
  void referencesAreReplacedInAnyString(String text, String expected) throws ConfigException {
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"OF_FILE": "v", "OF_ENV": "$A", "OF_ITSELF": "$OF_ITSELF",
             "Providers": [{"name": "p", "api_base_url": "http://h", "api_key": "",
               "models": ["%s"]}]}
            """
                .formatted(text.replace("\\", "\\\\")),
            ENV);
    assertEquals(List.of(expected), config.providers().getFirst().provider().models());
  }

  @Test
  void aProviderThatIsLeftOutIsNamedAsTheFileSpellsIt() throws ConfigException {
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"Providers": [
              {"name": "p", "api_base_url": "http://h", "api_key": ""},
              {"name": "${with-dash}", "api_base_url": "http://h/responses", "api_key": ""}],
             "Router": {"default": "p,m"}}
            """,
            ENV);
    assertEquals(1, config.warnings().size());
    String warning = config.warnings().getFirst();
    assertTrue(warning.endsWith(": \"${with-dash}\" is left out"), warning);
  }

  @Test
  void whatIsUnknownIsAWarningWhereItIsRead() throws ConfigException {
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"PORT": 1, "StatusLine": "$NO", "UNREAD": "$NO",
             "Providers": [{"name": "p", "api_base_url": "http://h", "api_key": "",
               "models": ["m",
                 "$NO-${ no }"]}],
             "Router": {"default": "p,m"}}
            """,
            ENV);
    assertEquals(
        List.of(
            "config.json:1: StatusLine: not supported yet: ignored",
            "config.json:1: UNREAD: unknown key",
            "config.json:4: Providers[0].models[1]: $NO: variable not set: taken literally",
            "config.json:4: Providers[0].models[1]: ${ no }: variable not set: taken literally"),
        config.warnings());
  }

  @Test
  void aStringThatServesAsAVariableIsNoUnknownKey() throws ConfigException {
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"OPENAI_API_KEY": "$A", "MY_KEY": "k",
             "Providers": [{"name": "p", "api_base_url": "http://h",
               "api_key": ["$OPENAI_API_KEY", "$MY_KEY"]}],
             "Router": {"default": "p,m"}}
            """,
            ENV);
    assertEquals(
        List.of(Secret.of("1"), Secret.of("k")), config.providers().getFirst().apiKeys());
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void keysOfTheConfigurationServeNobody() throws ConfigException {
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"APIKEY": "k", "Providers": [{"name": "p", "api_base_url": "http://h", "api_key": "",
              "models": ["$APIKEY"]}]}
            """,
            ENV);
    assertEquals(List.of("$APIKEY"), config.providers().getFirst().provider().models());
    assertEquals(Secret.of("k"), config.server().apiKey());
  }
}
