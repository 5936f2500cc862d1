package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigFaultsTest.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigProblemsTest {
  private static final String CANARY = "sk-canary-4711";

  static Stream<Arguments> faultyVariables() {
    return Stream.of(
        arguments("CCR_PORT", "http", "\"http\" (expected: a port, 0 to 65535)"),
        arguments("CCR_PORT", "65536", "\"65536\" (expected: a port, 0 to 65535)"),
        arguments("CCR_HOST", " ", "\" \" (expected: a host name or an address)"),
        arguments("CCR_LOG_LEVEL", "7", "\"7\" (expected: debug, info, warn or error)"),
        arguments(
            "CCR_HOST",
            "0.0.0.0",
            "\"0.0.0.0\" (expected: a loopback address, or an APIKEY, because anybody who reaches"
                + " this port could spend your providers' keys)"));
  }

  @ParameterizedTest
  @MethodSource("faultyVariables")
  void faultyVariableIsNamedInPlaceOfTheFile(String name, String value, String problem) {
    String text = json("{'Providers': [<o>], 'Router': {'default': 'openrouter,m'}}");
    ConfigException e = assertThrows(ConfigException.class, () -> parse(text, Map.of(name, value)));
    assertEquals(List.of(name + ": " + problem), e.problems());
  }

  @Test
  void allProblemsComeAtOnceInTheOrderOfTheFileAndWithTheWarnings() {
    String text =
        json(
            """
            {"Router": {"default": "open"},
             "Providrs": [],
             "PORT": "x",
             "HOST": 1}
            """);
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(text, Map.of("CCR_PORT", "y")));
    assertEquals(
        """
        config.json:1: Providers: missing (expected: at least one provider)
        config.json:1: Router.default: "open" (expected: provider,model)
        config.json:3: PORT: "x" (expected: a port, 0 to 65535)
        config.json:4: HOST: 1 (expected: a string)
        CCR_PORT: "y" (expected: a port, 0 to 65535)""",
        e.getMessage());
    assertEquals(
        List.of("config.json:2: Providrs: unknown key (nearest: Providers)"), e.warnings());
  }

  @Test
  void faultyProviderStillCountsAsConfigured() {
    String text =
        json(
            """
            {"Providers": [{"name": "p", "api_base_url": "x", "api_key": ""}],
             "Router": {"default": "p,m"}}
            """);
    ConfigException e = assertThrows(ConfigException.class, () -> parse(text, Map.of()));
    assertEquals(1, e.problems().size(), e.getMessage());
  }

  @Test
  void faultyKeyIsTheOnlyProblemOfAnExposedHost() {
    String text = json("{'HOST': '0.0.0.0', 'APIKEY': 'caf\u00e9', 'Providers': [<o>]}");
    ConfigException e = assertThrows(ConfigException.class, () -> parse(text, Map.of()));
    assertEquals(
        List.of(
            "config.json:1: APIKEY: *** (expected: printable ASCII without blanks around it)"),
        e.problems());
  }

  @Test
  void longValuesAreShownInPart() {
    String text = json("{'Providers': [<o>], 'LOG_LEVEL': '" + "x".repeat(500) + "'}");
    ConfigException e = assertThrows(ConfigException.class, () -> parse(text, Map.of()));
    assertEquals(
        "config.json:1: LOG_LEVEL: \"" + "x".repeat(120)
            + "...\" (expected: debug, info, warn or error)",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"APIKEY", "api_key", "apikeyy", "LOG", "unknown", "CUSTOM_ROUTER_PATH"})
  void secretsAreInNoMessageAndNoPrintedConfiguration(String key) throws ConfigException {
    String text =
        json(
            """
            {"%s": "%s", "PROXY_URL": "http://me:%2$s@proxy", "HIDDEN": "%2$s",
             "Providers": [
               {"name": "p", "api_base_url": "http://h/?key=%2$s", "api_key": "%2$s",
                "api_kee": "%2$s", "tokenizer": "%2$s", "credentials": ["%2$s"]},
               {"name": "q", "api_base_url": "http://$FROM_ENV/",
                "api_key": ["${HIDDEN}", "$FROM_ENV"], "type": "$FROM_ENV", "models": ["m"],
                "transformer": {"use": ["$FROM_ENV"]}}],
             "Router": {"thinkEfforts": ["high"], "default": "p,m"}}
            """)
            .formatted(key, CANARY);
    Map<String, String> env = Map.of("FROM_ENV", CANARY);
    Config config = parse(text, env);
    assertEquals(CANARY, config.providers().get(0).apiKey().reveal());
    assertEquals(
        List.of(Secret.of(CANARY), Secret.of(CANARY)), config.providers().get(1).apiKeys());
    assertTrue(config.toString().contains("***"), config.toString());
    assertFalse(config.toString().replace("http://" + CANARY, "").contains(CANARY), config + "");

    ConfigException e =
        assertThrows(
            ConfigException.class, () -> parse(text, Map.of("FROM_ENV", CANARY, "CCR_PORT", "x")));
    assertFalse((e.problems() + "" + e.warnings()).contains(CANARY), e.getMessage());
  }

  @Test
  void valuesOfVariablesAreInNoProblem() {
    String text =
        """
        {"LOG_LEVEL": "$V", "errors": "${V}", "API_TIMEOUT_MS": "$V", "HOST": "$V",
         "fallback": {"default": ["$V"]}, "PROXY_URL": "$V", "domain_mappings": {"h": "$V"},
         "Providers": [{"name": "p", "api_base_url": "$V", "api_key": "", "profile": "$V",
           "max_output_tokens": "$V", "enabled": "$V"}],
         "Router": {"default": "$V", "thinkEfforts": ["$V"], "rules": [{"to": "$V"}]}}
        """;
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(text, Map.of("V", CANARY)));
    assertTrue(e.problems().size() >= 10, e.getMessage());
    assertFalse((e.problems() + "" + e.warnings()).contains(CANARY), e.getMessage());
  }

  private static Config parse(String text, Map<String, String> env) throws ConfigException {
    return ConfigReader.parse("config.json", text, env);
  }
}
