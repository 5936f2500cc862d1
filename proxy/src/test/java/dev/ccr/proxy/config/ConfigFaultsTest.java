package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigFaultsTest {
  /** Replaces {@code <o>} by a faultless provider named openrouter, and {@code '} by quotes. */
  static String json(String text) {
    return text.replace(
            "<o>", "{'name': 'openrouter', 'api_base_url': 'https://o.example/v1', 'api_key': 'k'}")
        .replace('\'', '"');
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        // the file as a whole
        fault("", "config.json: empty (expected: a JSON object)"),
        fault("  // later\n", "config.json: empty (expected: a JSON object)"),
        fault("\n[<o>]", "config.json:2: an array (expected: a JSON object)"),
        fault("'sk-canary-4711'", "config.json:1: a string (expected: a JSON object)"),
        fault(
            "{'Providers': [<o>]}\n{}",
            "config.json:2: text behind the object (expected: the end of the file)"),
        // syntax
        fault(
            "{'PORT': 1\n'HOST': 'h'}",
            "config.json:2: column 1: not JSON (expected: comma to separate Object entries)"),
        fault(
            "{'APIKEY': sk-canary-4711}",
            "config.json:1: column 12: not JSON (expected: JSON String, Number, Array, Object or"
                + " token 'null', 'true' or 'false')"),
        fault(
            "{'APIKEY': 'sk-canary-4711\n}",
            "config.json:1: column 27: not JSON (expected: a closing quote in the same line)"),
        fault(
            "{'CLAUDE_PATH': 'C:\\Users'}",
            "config.json:1: column 21: not JSON (expected: a known escape; a backslash itself is"
                + " \\\\)"),
        fault("{'PORT': 0x1F}", "config.json:1: column 11: not JSON (expected: comma to"
            + " separate Object entries)"),
        fault("{'PORT': 007}", "config.json:1: column 11: not JSON (expected: RFC 8259)"),
        fault(
            "{'Providers': [}",
            "config.json:1: column 16: not JSON (expected: the bracket that closes the one opened"
                + " last)"),
        fault(
            "{'Providers': [\n<o>",
            "config.json:2: the end of the file (expected: a closing quote or bracket before it)"),
        fault(
            "{'a':" + "[".repeat(64),
            "config.json: nested too deeply, or too long (expected: at most 64 levels)"),
        // top level
        fault("{}", "config.json:1: Providers: missing (expected: at least one provider)"),
        fault(
            "{'Providers': null}",
            "config.json:1: Providers: missing (expected: at least one provider)"),
        fault(
            "{\n'Providers': []}",
            "config.json:2: Providers: empty (expected: at least one provider)"),
        fault(
            "{'Providers': 'sk-canary-4711'}",
            "config.json:1: Providers: a string (expected: an array of objects)"),
        fault(
            "{'Providers': {}}",
            "config.json:1: Providers: empty (expected: at least one provider)"),
        fault("{'Providers': [\n{'name': 'p', 'url': 'http://h/responses', 'api_key': ''}]}",
            "config.json:1: Providers: none that is enabled and can be spoken to (expected: at"
                + " least one provider)"),
        fault("{'Providers': {'name': 'p', 'enabled': false}}",
            "config.json:1: Providers: none that is enabled and can be spoken to (expected: at"
                + " least one provider)"),
        fault("{'Providers': {'p': 'sk-canary-4711'}}",
            "config.json:1: Providers.p: a string (expected: an object)"),
        fault("{'Providers': {'name': 'p', 'url': 'x', 'api_key': ''}}",
            "config.json:1: Providers.url: \"x\" (expected: an absolute http or https URL)"),
        fault("{'HOST': true, 'Providers': [<o>]}",
            "config.json:1: HOST: true (expected: a string)"),
        fault("{'Providers': [<o>],\n\n'PORT': 70000}",
            "config.json:3: PORT: 70000 (expected: a port, 0 to 65535)"),
        fault("{'Providers': [<o>], 'PORT': -1}",
            "config.json:1: PORT: -1 (expected: a port, 0 to 65535)"),
        fault("{'Providers': [<o>], 'PORT': 69.5}",
            "config.json:1: PORT: 69.5 (expected: a port, 0 to 65535)"),
        fault("{'Providers': [<o>], 'PORT': 'http'}",
            "config.json:1: PORT: \"http\" (expected: a port, 0 to 65535)"),
        fault("{'Providers': [<o>], 'PORT': {}}",
            "config.json:1: PORT: an object (expected: a port, 0 to 65535)"),
        fault("{'Providers': [<o>],\n'port': 1,\n'PORT': 2}",
            "config.json:3: PORT: repeated (expected: once, as in line 2)"),
        fault("{'Providers': [<o>], 'ALLOWED_HOSTS': ['http://h']}",
            "config.json:1: ALLOWED_HOSTS: \"http://h\" (expected: a host name without scheme and"
                + " port)"),
        fault("{'Providers': [<o>], 'ALLOWED_HOSTS': ['h:80']}",
            "config.json:1: ALLOWED_HOSTS: \"h:80\" (expected: a host name without scheme and"
                + " port)"),
        fault("{'Providers': [<o>], 'ALLOWED_HOSTS': 'h'}",
            "config.json:1: ALLOWED_HOSTS: a string (expected: an array of strings)"),
        fault("{'Providers': [<o>], 'CLIENT_WRITE_TIMEOUT_MS': 'soon'}",
            "config.json:1: CLIENT_WRITE_TIMEOUT_MS: \"soon\" (expected: milliseconds, 1 to"
                + " 2147483647)"),
        fault("{'Providers': [<o>], 'LOG_LEVEL': 'loud'}",
            "config.json:1: LOG_LEVEL: \"loud\" (expected: debug, info, warn or error)"),
        fault("{'Providers': [<o>], 'API_TIMEOUT_MS': -1}",
            "config.json:1: API_TIMEOUT_MS: -1 (expected: milliseconds, 1 to 2147483647)"),
        fault("{'Providers': [<o>], 'API_TIMEOUT_MS': '10 s'}",
            "config.json:1: API_TIMEOUT_MS: \"10 s\" (expected: milliseconds, 1 to 2147483647)"),
        // providers
        fault("{'Providers': ['sk-canary-4711']}",
            "config.json:1: Providers[0]: a string (expected: an object)"),
        fault("{'Providers': [\n{}]}",
            "config.json:2: Providers[0].name: missing (expected: the name that routes use)",
            "config.json:2: Providers[0].api_base_url: missing (expected: an absolute http or https"
                + " URL)",
            "config.json:2: Providers[0].api_key: missing (expected: a string, empty if the"
                + " provider wants no key)"),
        provider("'name': 'a,b'",
            "name: \"a,b\" (expected: a name without commas and control characters)"),
        provider("'name': 'a\\nb'",
            "name: \"a\\u000ab\" (expected: a name without commas and control characters)"),
        provider("'name': ''",
            "name: \"\" (expected: a name without commas and control characters)"),
        provider("'name': ['x']", "name: an array (expected: a string)"),
        fault("{'Providers': [<o>,\n{'name': 'OpenRouter', 'api_base_url': 'http://h',"
                + " 'api_key': ''}]}",
            "config.json:2: Providers[1].name: \"OpenRouter\" (expected: a name other than that of"
                + " Providers[0])"),
        provider("'api_key': 17", "api_key: *** (expected: a string, or an array of strings)"),
        provider("'api_key': []", "api_key: empty (expected: at least one key)"),
        provider("'api_key': ['k', '']", "api_key[1]: empty (expected: a key)"),
        provider("'api_key': ['k', 7]", "api_key[1]: *** (expected: a string, or an"
            + " object with a key and a weight)"),
        provider("'api_key': [{'weight': 2}]", "api_key[0].key: missing (expected: a string)"),
        provider("'api_key': [{'key': ''}]", "api_key[0].key: empty (expected: a key)"),
        provider("'api_key': [{'key': ['sk-canary-4711']}]",
            "api_key[0].key: *** (expected: a string)"),
        provider("'api_key': [{'key': 'k', 'weight': 101}]",
            "api_key[0].weight: 101 (expected: a weight, 1 to 100)"),
        provider("'api_key': {'key': 'sk-canary-4711'}",
            "api_key: *** (expected: a string, or an array of strings)"),
        provider("'api_key': ['\u00e9sk-canary-4711']",
            "api_key[0]: *** (expected: printable ASCII without blanks around it)"),
        provider("'api_key': '$NO_SUCH'", "api_key: $NO_SUCH: not set (expected: a variable of the"
            + " environment that is set and not empty)"),
        provider("'api_key': '${NO SUCH}'", "api_key: ${NO SUCH}: not set (expected: a variable of"
            + " the environment that is set and not empty)"),
        provider("'api_key': 'sk-canary-4711$ABC'",
            "api_key: *** (expected: no $NAME but of variables that are set)"),
        provider("'api_key': 'file:sk-canary-4711'",
            "api_key: *** (expected: file: and an absolute path)"),
        provider("'api_key': 'file:/no/such'", "api_key: /no/such: no such file (expected: a"
            + " readable file that holds a key)"),
        provider("'api_key': 'file:/'",
            "api_key: /: a directory (expected: a readable file that holds a key)"),
        provider("'enabled': 'yes'", "enabled: \"yes\" (expected: true or false)"),
        provider("'model_whitelist': [7]", "model_whitelist[0]: 7 (expected: a string)"),
        provider("'default_models': 'm'", "default_models: a string (expected: an array of"
            + " strings)"),
        provider("'transformer': 'sk-canary-4711'",
            "transformer: a string (expected: an object)"),
        provider("'api_key': 'sk-canary-4711\\r\\nX-Evil: 1'",
            "api_key: *** (expected: printable ASCII without blanks around it)"),
        provider("'api_key': 'sk-canary-4711 '",
            "api_key: *** (expected: printable ASCII without blanks around it)"),
        provider("'api_key': 'sk-canary-4711\\u00e9'",
            "api_key: *** (expected: printable ASCII without blanks around it)"),
        provider("'models': 'm'", "models: a string (expected: an array of strings)"),
        provider("'models': ['m', 7]", "models[1]: 7 (expected: a string)"),
        provider("'models': [' ']", "models[0]: \" \" (expected: a model's name)"),
        url("ftp://x", "ftp://x", "an absolute http or https URL"),
        url("", "", "an absolute http or https URL"),
        url("o.example/v1", "o.example/v1", "an absolute http or https URL"),
        url("http:/v1", "http:/v1", "an absolute http or https URL"),
        url("https://", "https://", "an absolute http or https URL"),
        url("https://a b/", "https://a b/", "an absolute http or https URL"),
        url("http://h:70000/", "http://h:70000/", "an absolute http or https URL"),
        url("http://h/#top", "http://h/#top", "a URL without a fragment"),
        url("ftp://x/?key=sk-canary-4711", "ftp://x/?***", "an absolute http or https URL"),
        url("https://me:sk-canary-4711@h/v1", "https://***@h/v1",
            "a URL without user information, since secrets belong in api_key"),
        url("me:sk-canary-4711@h", "***@h", "an absolute http or https URL"),
        url("https://me:sk-canary-4711/@h", "https://***@h", "an absolute http or https URL"),
        // retries
        fault("{'Providers': [<o>], 'retry': 3}",
            "config.json:1: retry: a number (expected: an object)"),
        fault("{'Providers': [<o>], 'retry': {'attempts': 0}}",
            "config.json:1: retry.attempts: 0 (expected: a number of attempts, 1 to 10)"),
        fault("{'Providers': [<o>], 'retry': {'base_delay_ms': '1 s'}}",
            "config.json:1: retry.base_delay_ms: \"1 s\" (expected: milliseconds, 1 to 3600000)"),
        fault("{'Providers': [<o>], 'retry': {'statuses': [503, 200]}}",
            "config.json:1: retry.statuses[1]: 200 (expected: the status of an error, 400 to"
                + " 599)"),
        fault("{'Providers': [<o>], 'circuitBreaker': {'failures': 33}}",
            "config.json:1: circuitBreaker.failures: 33 (expected: failures in a row, 1 to 32)"),
        fault("{'Providers': [<o>], 'circuitBreaker': {'failFast': 'yes'}}",
            "config.json:1: circuitBreaker.failFast: \"yes\" (expected: true or false)"),
        // time-outs, proxy, mappings
        fault("{'Providers': [<o>], 'PING_INTERVAL_MS': -1}",
            "config.json:1: PING_INTERVAL_MS: -1 (expected: milliseconds, 0 to 2147483647)"),
        fault("{'Providers': [<o>], 'STREAM_IDLE_TIMEOUT_MS': -1}",
            "config.json:1: STREAM_IDLE_TIMEOUT_MS: -1 (expected: milliseconds, 1 to 2147483647)"),
        proxy("socks5://h:1080", "socks5://h:1080"),
        proxy("http://", "http://"),
        proxy("http://me:sk-canary-4711@h:99999", "http://***@h:99999"),
        proxy("$NO_SUCH", "$NO_SUCH"),
        fault("{'Providers': [<o>], 'PROXY_URL': 7}",
            "config.json:1: PROXY_URL: 7 (expected: a string)"),
        fault("{'Providers': [<o>], 'domain_mappings': {\n'h': 'opnrouter'}}",
            "config.json:2: domain_mappings.h: \"opnrouter\" (expected: one of "
                + String.join(", ", Hint.dialects()) + "; nearest: openrouter)"),
        fault("{'Providers': [<o>], 'domain_mappings': {'h': 7}}",
            "config.json:1: domain_mappings.h: 7 (expected: a string)"),
        // routes
        fault("{'Providers': [<o>], 'Router': 'openrouter,m'}",
            "config.json:1: Router: a string (expected: an object)"),
        route("'openai'", "\"openai\" (expected: provider,model)"),
        route("'openrouter,'", "\"openrouter,\" (expected: provider,model)"),
        route("7", "7 (expected: a string)"),
        route("'Opnrouter,m'",
            "\"Opnrouter,m\" (expected: a configured provider, nearest: openrouter)"),
        route("'openai,m'", "\"openai,m\" (expected: a configured provider)"));
  }

  private static Arguments fault(String text, String... problems) {
    return arguments(json(text), List.of(problems));
  }

  /** A provider that is faultless but for one value. */
  private static Arguments provider(String member, String problem) {
    String key = member.substring(0, member.indexOf(':'));
    StringBuilder object = new StringBuilder("{'Providers': [{\n").append(member);
    for (String other : List.of("'name': 'p'", "'api_base_url': 'http://h'", "'api_key': ''")) {
      if (!other.startsWith(key)) {
        object.append(", ").append(other);
      }
    }
    return fault(object + "}]}", "config.json:2: Providers[0]." + problem);
  }

  private static Arguments url(String url, String shown, String expected) {
    return provider(
        "'api_base_url': '" + url + "'",
        "api_base_url: \"" + shown + "\" (expected: " + expected + ")");
  }

  private static Arguments proxy(String url, String shown) {
    return fault(
        "{'Providers': [<o>],\n'PROXY_URL': '" + url + "'}",
        "config.json:2: PROXY_URL: \"" + shown
            + "\" (expected: an http or https URL of a host, and of variables that are set)");
  }

  private static Arguments route(String value, String problem) {
    return fault(
        "{'Providers': [<o>],\n'Router': {\n'default': " + value + "}}",
        "config.json:3: Router.default: " + problem);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyFaultIsALineWithTheValueAndWhatWasExpected(String text, List<String> problems) {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> ConfigReader.parse("config.json", text, Map.of()));
    assertEquals(problems, e.problems());
    assertFalse(e.getMessage().contains("canary"), "a secret in " + e.getMessage());
  }
}
