package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ccr config show} as a user sees it. */
final class ConfigShowCommandTest {

  private static final String KEY = "sk-or-v1-0123456789abcdef";

  @TempDir private Path home = Path.of("unset");
  private ConfigHome place = new ConfigHome(home);
  private Path file = Path.of("unset");
  private Map<String, String> env = Map.of();

  @BeforeEach
  void home() {
    place = new ConfigHome(home);
    env = place.env();
    file = place.file();
  }

  @Test
  void showMasksKeysAndSaysWhatIsSet() throws IOException {
    place.write(
        """
        {"PORT": 7000, "APIKEY": "short", "Providers": [
          {"name": "a", "api_base_url": "https://a.example/v1/chat/completions?key=hidden",
           "api_key": "%s", "models": ["m1", "m2"]},
          {"name": "b", "api_base_url": "http://localhost/v1/messages", "api_key": ""}],
         "Router": {"default": "a,m1", "think": "b,x"}}
        """
            .formatted(KEY));
    Run run = Run.of(env, "config", "show");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        """
          Host           : 127.0.0.1
          Port           : 7000
          API Key        : *****
          Config Path    : %s
        Providers:
          - a
            API Base URL : https://a.example/v1/chat/completions?***
            API Key      : sk-o*cdef
            Models       : m1, m2
          - b
            API Base URL : http://localhost/v1/messages
            API Key      : (not set)
        Router:
          default        : a,m1
          think          : b,x
        """
            .formatted(file),
        run.out());
  }

  @Test
  void showLeavesNothingOutThatIsSet() throws IOException {
    place.write(
        """
        {"LOG_LEVEL": "warn", "errors": "claude", "API_TIMEOUT_MS": 1500,
         "STREAM_IDLE_TIMEOUT_MS": 9000, "PROXY_URL": "http://u:hidden@proxy.example:3128",
         "Providers": [
          {"name": "a", "api_base_url": "http://localhost/v1/chat/completions", "api_key": "",
           "profile": "deepseek", "model_whitelist": ["m", "n"],
           "max_output_tokens": {"m2": 16384, "": 32000}},
          {"name": "b", "api_base_url": "https://b.example/v1/chat/completions", "api_key": ""}],
         "Router": {
           "default": "a,m1", "longContextThreshold": 90000, "thinkEfforts": ["max", "high"],
           "rules": [{"name": "r", "model": "*opus*", "tool": "web*", "header": {"X-Team": "b*"},
                      "minTokens": 5, "maxTokens": 7, "to": "a,m2"}, {"to": "a,m3"}],
           "fallback": {"default": ["a,m4", "a,m5"]}}}
        """);
    Run run = Run.of(env, "config", "show");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        """
          Host           : 127.0.0.1
          Port           : 6970
          API Key        : (not set)
          Config Path    : %s
          Log Level      : warn
          Errors         : claude
          API Timeout    : 1500 ms
          Stream Timeout : 9000 ms
          Proxy URL      : http://proxy.example:3128
        Providers:
          - a
            API Base URL : http://localhost/v1/chat/completions
            API Key      : (not set)
            Profile      : deepseek
            Whitelist    : m, n
            Max Output   : 32000, m2 16384
            Proxy        : direct
          - b
            API Base URL : https://b.example/v1/chat/completions
            API Key      : (not set)
            Proxy        : http://proxy.example:3128 (PROXY_URL)
        Router:
          default        : a,m1
          longContextThreshold: 90000
          thinkEfforts   : high, max
          rule r         : a,m2 if model *opus* and tool web* and x-team: b* and at least 5 tokens\
         and at most 7 tokens
          rule rules[1]  : a,m3
          fallback default: a,m4 then a,m5
        """
            .formatted(file),
        run.out());
  }

  @Test
  void showTellsOfClientsWithoutTheirKeys() throws IOException {
    place.write(
        """
        {"CLIENT_KEYS": [
           {"name": "alice", "key": "ccr-a-long-random-text-of-hers", "models": ["*x", "a,*"],
            "expires": "2099-01-31", "requestsPerMinute": 6, "tokensPerMinute": 7,
            "concurrent": 8},
           {"name": "bob", "sha256": "%s"}],
         "Providers": [{"name": "a", "api_base_url": "http://localhost/", "api_key": ""}],
         "Router": {"default": "a,m1"}}
        """
            .formatted("ab".repeat(32)));
    Run run = Run.of(env, "config", "show");
    assertEquals(0, run.code(), run.err());
    assertTrue(
        run.out()
            .contains(
                """
                Client Keys:
                  - alice
                    Key          : ccr-*hers
                    Models       : *x a,*
                    Expires      : 2099-02-01T00:00:00Z
                    Requests/min : 6
                    Tokens/min   : 7
                    Concurrent   : 8
                  - bob
                    Key          : sha256 %s
                """
                    .formatted("ab".repeat(32))),
        run.out());
  }

  @Test
  void showWithoutAConfigurationIsANoticeOnly() {
    Run run = Run.of(env, "config", "show");
    assertEquals(0, run.code());
    assertEquals("No configuration: " + file + ". Run: ccr config init\n", run.out());
  }

  @Test
  void showOfABadConfigurationSaysWhatIsWrong() throws IOException {
    place.write("{}");
    Run run = Run.of(env, "config", "show");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("Providers: missing"), run.err());
  }
}
