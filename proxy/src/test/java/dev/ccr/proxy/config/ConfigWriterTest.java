package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigWriterTest {

  @TempDir private Path folder = Path.of("unset");

  private static final String PROVIDER =
      """
      "name": "p", "api_base_url": "http://localhost/v1/chat/completions", "api_key": "k"
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Providers': [{%s}], 'Router': {'default': 'p,m'}}",
        "{'HOST': '::1', 'PORT': 7000, 'APIKEY': 'a\\u0022b\\\\', 'Providers': [{%s}],"
            + " 'Router': {'default': 'p,m', 'image': 'p,x,y:online', 'longContextThreshold': 9}}",
        "{'LOG_LEVEL': 'debug', 'CLAUDE_PATH': '/opt/claude', 'API_TIMEOUT_MS': 1500, 'errors': 'claude', 'Providers': [{%s}]}",
        "{'providers': [{%s, 'models': ['a', 'käse'], 'profile': 'deepseek',"
            + " 'max_output_tokens': 5},"
            + " {'name': 'q', 'api_base_url': 'https://api.openai.com/x?a=b',"
            + " 'api_key': '', 'max_output_tokens': {'': 7, 'm': 8}}]}",
        "{'ALLOWED_HOSTS': ['host.docker.internal', '*.ts.net', '::2'],"
            + " 'CLIENT_HEADER_TIMEOUT_MS': 1, 'CLIENT_BODY_TIMEOUT_MS': 2,"
            + " 'CLIENT_WRITE_TIMEOUT_MS': 3, 'CLIENT_IDLE_TIMEOUT_MS': 4, 'Providers': [{%s}]}",
        "{'STREAM_IDLE_TIMEOUT_MS': 9000, 'TOTAL_TIMEOUT_MS': 7, 'CONNECT_TIMEOUT_MS': 8,"
            + " 'UPSTREAM_CONNECTIONS_PER_ORIGIN': 3,"
            + " 'PING_INTERVAL_MS': 0, 'EARLY_COMMENTS_MS': 9, 'GRACE_PERIOD_MS': 0, 'DRAIN_DELAY_MS': 5,"
            + " 'PROXY_URL': 'http://u:p%40$1@proxy.example:3128',"
            + " 'Providers': [{%s, 'model_whitelist': ['glm'], 'proxy': 'DIRECT'},"
            + " {'name': 'q', 'api_base_url': 'http://localhost/', 'api_key': ['k1', 'k2'], 'proxy': 'http://u:$1@own'}],"
            + " 'Router': {'default': 'p,glm', 'thinkEfforts': ['max', 'low'],"
            + " 'rules': [{'name': 'r', 'model': '*opus*', 'header': {'X-Team': 'a*'},"
            + " 'minTokens': 5, 'maxTokens': 7, 'to': 'q,x'}, {'tool': 'web*', 'to': 'q,y'}],"
            + " 'fallback': {'default': ['q,a', 'q,b'], 'think': ['q,c']}}}",
        "{'MAX_BYTES_IN_FLIGHT': 5000000000, 'MAX_REQUESTS_IN_FLIGHT': 7, 'MAX_CONNECTIONS': '8',"
            + " 'Providers': [{%s}], 'Router': {'default': 'p,m'}}",
        "{'CLIENT_KEYS': [{'name': 'a', 'key': 'k-1', 'models': ['*x', 'p,*'],"
            + " 'expires': '2099-01-31', 'requestsPerMinute': 1, 'tokensPerMinute': 2,"
            + " 'concurrent': 3}, {'name': 'b', 'sha256':"
            + " '4506b259b13317fc53024cdb729fcee260553cbd860795951cb5aea338752641'}],"
            + " 'Providers': [{%s}], 'Router': {'default': 'p,m'}}",
        "{'retry': {'attempts': 3, 'baseDelayMs': 200, 'maxDelayMs': 60000, 'statuses': [529, 503]},"
            + " 'circuitBreaker': {'failures': 3, 'openMs': 5000, 'failFast': true},"
            + " 'Providers': [{%s}, {'name': 'q', 'api_base_url': 'http://localhost/',"
            + " 'api_key': ['k1', {'key': 'k2', 'weight': 5}, {'key': 'k3', 'weight': 1}]},"
            + " {'name': 'r', 'api_base_url': 'http://localhost/',"
            + " 'api_key': [{'key': 'k4', 'weight': 7}]}]}",
      })
  void whatIsWrittenReadsAsTheSameAndIsWrittenTheSameAgain(String text) throws ConfigException {
    Config config = config(text.replace('\'', '"').replace("%s", PROVIDER));
    String written = ConfigWriter.json(config, Map.of());
    assertEquals(written, ConfigWriter.json(config(written), Map.of()));
  }

  /** A key that the file itself does not hold is in no file that is made from it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "k-literal        | k-literal",
        "$GKEY            | ${GKEY}",
        "pre-${GKEY}      | pre-${GKEY}",
        "$GKEY.x          | ${GKEY}.x",
        "file:$DIR/key    | file:${DIR}/key",
        "file://${DIR}/key| file://${DIR}/key",
        "file:$DIR/a key  | file:${DIR}/a key",
        "file:$IN_FILE    | file:${DIR}/key",
        "$OWN             | own-literal",
        "$OF_ENV          | ${GKEY}-2",
        "$PATH_OF_KEY     | ${PATH_OF_KEY}",
      })
  void keysAreWrittenAsTheyWereGiven(String given, String written) throws Exception {
    Files.writeString(folder.resolve("key"), "k-of-file");
    Files.writeString(folder.resolve("a key"), "k-of-file");
    String dir = folder.toString().replace('\\', '/');
    Map<String, String> env =
        Map.of("GKEY", "k-of-env", "DIR", dir, "PATH_OF_KEY", "file:" + dir + "/key");
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"OWN": "own-literal", "OF_ENV": "${GKEY}-2", "IN_FILE": "$DIR/key",
             "APIKEY": "%1$s", "PROXY_URL": "http://u:$GKEY@127.0.0.1:7890",
             "Providers": [{"name": "p", "api_base_url": "http://localhost/",
                            "api_key": ["%1$s", "%1$s"]}]}
            """
                .formatted(given),
            env);
    String text = ConfigWriter.json(config, env);
    assertTrue(text.contains("\"APIKEY\": \"" + written + "\""), text);
    assertTrue(
        text.contains("\"api_key\": [ \"" + written + "\", \"" + written + "\" ]"), text);
    assertTrue(text.contains("\"PROXY_URL\": \"http://u:${GKEY}@127.0.0.1:7890\""), text);
    assertFalse(text.contains("k-of-"), text);
  }

  @Test
  void theDocumentedFormIsWritten() throws ConfigException {
    assertEquals(
        """
        {
          "HOST": "127.0.0.1",
          "PORT": 6970,
          "Providers": [ {
            "name": "p",
            "api_base_url": "http://localhost/v1/chat/completions",
            "api_key": "k",
            "models": [],
            "max_output_tokens": 5
          } ],
          "Router": {
            "default": "p,m"
          }
        }
        """,
        ConfigWriter.json(
            config(
                "{\"router\": {\"Default\": \" p , m\"}, \"LOG\": true, \"PROVIDERS\": [{"
                    + PROVIDER
                    + ", \"Max_Output_Tokens\": 5}]}"),
            Map.of()));
  }

  @Test
  void theFirstConfigurationIsOneThatCanBeUsed() throws ConfigException {
    Config config = config(ConfigWriter.first("box", "k\"1", "http://localhost/x", "a/b", "r"));
    assertEquals("k\"1", config.providers().get(0).apiKey().reveal());
    assertEquals(List.of("a/b"), config.providers().get(0).provider().models());
    assertEquals("r", config.server().apiKey().reveal());
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void whatWouldBeLostIsAProblem() throws ConfigException {
    Config config = config("{\"Providers\": [{" + PROVIDER + "}]}");
    // no key says how fast a client's body must come
    Limits limits = config.limits().toBuilder().clientBodyRate(1).build();
    Config more = config.toBuilder().limits(limits).build();
    assertEquals(
        List.of(
            "config.json: limits: says more than can be written"
                + " (expected: what docs/configuration.md describes for JSON)"),
        assertThrows(ConfigException.class, () -> ConfigWriter.json(more, Map.of()))
            .problems());
  }

  private static Config config(String text) throws ConfigException {
    return ConfigReader.parse("config.json", text, Map.of());
  }
}
