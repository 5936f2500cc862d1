package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ForwardProxyReaderTest {

  private static Map<String, String> env(String list) {
    Map<String, String> env = new HashMap<>();
    for (String pair : list.isEmpty() ? new String[0] : list.split(" ")) {
      env.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return env;
  }

  private static Config config(String top, String url, String more, String env)
      throws ConfigException {
    return ConfigReader.parse(
        "config.json",
        "{" + top + "\"Providers\": [{\"name\": \"p\", \"api_base_url\": \"" + url
            + "\", \"api_key\": \"\"" + more + "}]}",
        env(env));
  }

  private static String proxy(Config config) {
    ForwardProxy proxy = config.way(config.providers().getFirst()).proxy();
    return proxy == null ? "direct" : proxy.key() + " " + proxy + " " + proxy.credentials().reveal();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "https://u.example | `` | `` | `` | direct",
        "https://u.example | HTTPS_PROXY=http://s:1 HTTP_PROXY=http://h:2 | `` | `` | HTTPS_PROXY http://s:1 ",
        "http://u.example | HTTPS_PROXY=http://s:1 HTTP_PROXY=http://h:2 | `` | `` | HTTP_PROXY http://h:2 ",
        "http://u.example | HTTPS_PROXY=http://s:1 | `` | `` | direct",
        "https://u.example | HTTPS_PROXY=http://s:1 https_proxy=http://t:1 | `` | `` | https_proxy http://t:1 ",
        "https://u.example | ALL_PROXY=http://a:1 | `` | `` | ALL_PROXY http://a:1 ",
        "https://u.example | all_proxy=http://a:1 HTTPS_PROXY=http://s:1 | `` | `` | HTTPS_PROXY http://s:1 ",
        "https://u.example | HTTPS_PROXY=s:1 | `` | `` | HTTPS_PROXY http://s:1 ",
        "https://u.example | HTTPS_PROXY=u:p%40q@s:1 | `` | `` | HTTPS_PROXY http://s:1 u:p@q",
        "https://u.example | HTTPS_PROXY=http://s:1 | `\"PROXY_URL\": \"https://u:p@c\",` | `` | PROXY_URL https://c u:p",
        "http://u.example | `` | `\"httpsProxy\": \"http://c:1\",` | `` | httpsProxy http://c:1 ",
        "https://u.example | NO_PROXY=u.example | `\"PROXY_URL\": \"http://c\",` | `` | direct",
        "https://u.example | NO_PROXY=x.example no_proxy=.example | `\"PROXY_URL\": \"http://c\",` | `` | direct",
        "https://u.example | NO_PROXY=u.example no_proxy=x.example | `\"PROXY_URL\": \"http://c\",` | `` | PROXY_URL http://c ",
        "http://127.0.0.1:8000 | HTTP_PROXY=http://h:2 | `\"PROXY_URL\": \"http://c\",` | `` | direct",
        "https://u.example | HTTPS_PROXY=http://s:1 | `\"PROXY_URL\": \"http://c\",` | `, \"proxy\": \"direct\"` | direct",
        "https://u.example | NO_PROXY=* | `\"PROXY_URL\": \"http://c\",` | `, \"proxy\": \"http://u:p@own:7\"` | Providers[0].proxy http://own:7 u:p",
        "https://u.example | HTTPS_PROXY=http://s:1 | `\"PROXY_URL\": \"\",` | `, \"proxy\": \"\"` | HTTPS_PROXY http://s:1 ",
      })
  void theMostSpecificSettingChoosesTheProxy(
      String url, String env, String top, String more, String expected) throws ConfigException {
    Config config = config(top, url, more, env);
    assertEquals(expected.strip(), proxy(config).strip());
    assertEquals(
        List.of(),
        config.warnings().stream().filter(line -> !line.contains("Router.default")).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.com | example.com | 443 | true",
        "example.com | a.b.Example.COM | 443 | true",
        "example.com | notexample.com | 443 | false",
        ".example.com | example.com | 443 | true",
        ".example.com | a.example.com | 443 | true",
        "*.example.com | a.example.com | 443 | true",
        "EXAMPLE.com | example.com. | 443 | true",
        "a.example.com | example.com | 443 | false",
        "x, ,example.com:8443 y | example.com | 8443 | true",
        "example.com:8443 | example.com | 443 | false",
        "* | anything | 1 | true",
        "10.1.2.3 | 10.1.2.3 | 80 | true",
        "10.1.2.3 | 10.1.2.30 | 80 | false",
        "10.1.2.3:81 | 10.1.2.3 | 80 | false",
        "10.0.0.0/8 | 10.255.0.1 | 80 | true",
        "10.0.0.0/8 | 11.0.0.1 | 80 | false",
        "192.168.0.0/23 | 192.168.1.255 | 80 | true",
        "192.168.0.0/23 | 192.168.2.0 | 80 | false",
        "0.0.0.0/0 | 8.8.8.8 | 80 | true",
        "0.0.0.0/0 | example.com | 80 | false",
        "fd00::/8 | [fdab::1] | 80 | true",
        "fd00::/8 | [fe80::1] | 80 | false",
        "fd00::/8 | 10.0.0.1 | 80 | false",
        "[fd00::1] | fd00:0:0::1 | 80 | true",
        "[fd00::1]:81 | [fd00::1] | 81 | true",
        "fd00::1 | [fd00::2] | 80 | false",
        "10.0.0.0/33 10.0.0.0/x a:b a:99999999 . / : | 10.0.0.1 | 80 | false",
        "none | localhost | 80 | true",
        "none | api.LOCALHOST | 80 | true",
        "none | 127.8.8.8 | 80 | true",
        "none | [::1] | 80 | true",
        "none | 0.0.0.0 | 80 | true",
        "none | ::ffff:127.0.0.1 | 80 | true",
        "none | localhost.example | 80 | false",
      })
  void hostsOfNoProxyAndThisMachineAreExcepted(
      String list, String host, int port, boolean excepted) {
    assertEquals(excepted, NoProxy.of(list).matches(host, port), () -> list + " " + host);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTPS_PROXY=socks5://u:canary@s:1 | HTTPS_PROXY: \"socks5://***@s:1\"",
        "https_proxy=u:canary@a_b | https_proxy: \"***@a_b\"",
        "ALL_PROXY=http:// | ALL_PROXY: \"http://\"",
      })
  void aVariableThatCannotBeUsedIsAWarning(String env, String shown) throws ConfigException {
    Config config = config("", "https://u.example", "", env);
    assertEquals("direct", proxy(config));
    String warning = shown + ": no http or https URL of a host: upstreams are reached without it";
    assertEquals(
        List.of(warning),
        config.warnings().stream().filter(line -> line.contains("PROXY") || line.contains("proxy"))
            .distinct().toList());
    assertFalse(config.warnings().toString().contains("canary"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://u:canary@h | \"ftp://***@h\"",
        "http://u:$UNSET@h | \"http://***@h\"",
        "straight | \"straight\"",
      })
  void aProxyOfAProviderThatIsNoneIsAProblem(String value, String shown) {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> config("", "https://u.example", ", \"proxy\": \"" + value + "\"", ""));
    assertEquals(
        List.of(
            "config.json:1: Providers[0].proxy: " + shown + " (expected: direct, or an http or"
                + " https URL of a host, and of variables that are set)"),
        e.problems());
  }

  @Test
  void aProxyIsAnotherOnlyIfItsUrlIs() throws ConfigException {
    Config one = config("\"PROXY_URL\": \"http://c:1\",", "https://u.example", "", "");
    Config same = config("\"httpsProxy\": \"http://c:1\",", "https://u.example", "", "");
    Config other = config("\"PROXY_URL\": \"http://u:p@c:1\",", "https://u.example", "", "");
    assertEquals(way(one), way(same));
    assertFalse(way(one).equals(way(other)));
  }

  private static Way way(Config config) {
    return config.way(config.providers().getFirst());
  }
}
