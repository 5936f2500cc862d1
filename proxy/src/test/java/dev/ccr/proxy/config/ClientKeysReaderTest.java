package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.ClientLimits;
import dev.ccr.proxy.model.Glob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientKeysReaderTest {

  private static final String KEY = "ccr-Zm9vYmFyYmF6cXV4";

  /** {@code printf %s ccr-Zm9vYmFyYmF6cXV4 | sha256sum}. */
  private static final String SHA256 =
      "4506b259b13317fc53024cdb729fcee260553cbd860795951cb5aea338752641";

  private static Config config(String clients, String more) throws ConfigException {
    return ConfigReader.parse(
        "config.json",
        "{" + more + "'Providers': [{'name': 'p', 'url': 'http://h', 'api_key': 'k',"
            + " 'models': ['m']}], 'Router': {'default': 'p,m'}, 'CLIENT_KEYS': " + clients + "}",
        Map.of("CKEY", KEY));
  }

  @Test
  void aClientHasANameAKeyAndBounds() throws ConfigException {
    Config config =
        config(
            """
            [{'name': 'alice', 'key': '%s', 'models': ['*sonnet*', 'p,*'],
              'expires': '2099-01-31', 'requestsPerMinute': 60, 'tokens_per_minute': '100000',
              'concurrent': 4},
             {'name': 'build farm', 'sha256': '%s', 'expires': '2099-01-31T12:00:00+01:00'}]
            """
                .formatted(KEY, "AB".repeat(32)),
            "");
    assertEquals(
        List.of(
            new ClientKeyConfig(
                new Client(
                    "alice",
                    List.of(new Glob("*sonnet*"), new Glob("p,*")),
                    Instant.parse("2099-02-01T00:00:00Z"),
                    new ClientLimits(60, 100_000, 4)),
                Secret.of(KEY),
                Secret.of(KEY).sha256()),
            new ClientKeyConfig(
                new Client(
                    "build farm",
                    List.of(),
                    Instant.parse("2099-01-31T11:00:00Z"),
                    ClientLimits.NONE),
                Secret.NONE,
                "ab".repeat(32))),
        config.server().clientKeys());
    assertFalse(config.server().isOpen());
    assertEquals(List.of(), config.warnings());
    assertFalse(config.toString().contains(KEY), "keys print nowhere");
  }

  @Test
  void digestsAreThoseOfEveryOtherTool() {
    assertEquals(SHA256, Secret.of(KEY).sha256());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "[7] | CLIENT_KEYS[0]: *** (expected: an object with a name and a key)",
        "['<key>'] | CLIENT_KEYS[0]: *** (expected: an object with a name and a key)",
        "{'alice': '<key>'} | CLIENT_KEYS: an object (expected: an array of objects)",
        "[{'key': '<key>'}] | CLIENT_KEYS[0].name: missing (expected: a name for logs and figures)",
        "[{'name': 'a\\nb', 'key': '<key>'}] | CLIENT_KEYS[0].name: \"a\\u000ab\" (expected: a name"
            + " in printable ASCII, 1 to 64 characters)",
        "[{'name': 'a'}] | CLIENT_KEYS[0]: no key (expected: key or sha256)",
        "[{'name': 'a', 'key': '<key>', 'sha256': '<sha>'}] | CLIENT_KEYS[0]: both key and sha256"
            + " (expected: key or sha256)",
        "[{'name': 'a', 'sha256': '<key>'}] | CLIENT_KEYS[0].sha256: *** (expected: the key's"
            + " SHA-256, 64 hexadecimal digits)",
        "[{'name': 'a', 'key': ''}] | CLIENT_KEYS[0].key: empty (expected: a key)",
        "[{'name': 'a', 'key': 7}] | CLIENT_KEYS[0].key: *** (expected: a string)",
        "[{'name': 'a', 'key': '<key>'}, {'name': 'A', 'sha256': '<sha>'}] | CLIENT_KEYS[1].name:"
            + " \"A\" (expected: a name of its own, unlike CLIENT_KEYS[0].name)",
        "[{'name': 'a', 'key': '<key>'}, {'name': 'b', 'key': '$CKEY'}] | CLIENT_KEYS[1]: the key"
            + " of CLIENT_KEYS[0] (expected: a key of its own)",
        "[{'name': 'a', 'key': '<apikey>'}] | CLIENT_KEYS[0]: the key of APIKEY (expected: a key of"
            + " its own)",
        "[{'name': 'a', 'key': '<key>', 'models': []}] | CLIENT_KEYS[0].models: empty (expected: at"
            + " least one, or no such key for all)",
        "[{'name': 'a', 'key': '<key>', 'models': [' ']}] | CLIENT_KEYS[0].models[0]: \" \""
            + " (expected: a pattern of a model, or of provider,model)",
        "[{'name': 'a', 'key': '<key>', 'expires': '31.1.2027'}] | CLIENT_KEYS[0].expires:"
            + " \"31.1.2027\" (expected: a day like 2027-01-31, or a time like"
            + " 2027-01-31T12:00:00Z)",
        "[{'name': 'a', 'key': '<key>', 'concurrent': 0}] | CLIENT_KEYS[0].concurrent: 0 (expected:"
            + " a number of requests, 1 to 2147483647)",
      })
  void whatIsWrongIsNamedWithoutTheKey(String clients, String problem) {
    String text =
        clients
            .replace("<key>", KEY)
            .replace("<sha>", "ab".repeat(32))
            .replace("<apikey>", "router-key-1234567890");
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> config(text, "'APIKEY': 'router-key-1234567890', "));
    assertEquals(List.of("config.json:1: " + problem), e.problems());
    assertFalse(e.problems().toString().contains(KEY));
  }

  @ParameterizedTest
  @CsvSource({"short, true", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, true", KEY + ", false"})
  void aKeyThatMayBeGuessedIsAWarning(String key, boolean warned) throws ConfigException {
    List<String> warnings =
        config("[{'name': 'a', 'key': '" + key + "'}]", "").warnings();
    assertEquals(
        warned
            ? List.of(
                "config.json:1: CLIENT_KEYS[0].key: may be guessed (expected: at least 20 random"
                    + " characters, as ccr config key makes them)")
            : List.of(),
        warnings);
  }

  @Test
  void aKeyThatHasExpiredIsAWarning() throws ConfigException {
    List<String> warnings =
        config("[{'name': 'a', 'key': '$CKEY', 'expires': '2020-01-31'}]", "").warnings();
    assertEquals(
        List.of("config.json:1: CLIENT_KEYS[0].expires: \"2020-01-31\": has expired"), warnings);
  }

  @Test
  void clientKeysAreEnoughToListenForOthers() throws ConfigException {
    String everywhere = "'HOST': '0.0.0.0', ";
    Config config = config("[{'name': 'a', 'key': '" + KEY + "'}]", everywhere);
    assertFalse(config.server().isOpen());
    assertThrows(ConfigException.class, () -> config("[]", everywhere));
    ConfigException faulty = // says what is wrong with the key, and nothing of the host
        assertThrows(ConfigException.class, () -> config("[{'name': 'a'}]", everywhere));
    assertEquals(1, faulty.problems().size());
    assertTrue(faulty.problems().getFirst().contains("no key"));
  }
}
