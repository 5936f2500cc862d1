package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.Secret;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code ccr config key} as a user sees it. */
final class ConfigKeyCommandTest {

  @Test
  void aKeyIsShownOnceAndItsEntryLetsItIn() throws Exception {
    Run run = Run.of(Map.of(), "config", "key", "al\"ice");
    assertEquals(0, run.code());
    List<String> lines = run.out().lines().toList();
    assertEquals(4, lines.size(), run.out());
    String key = lines.get(1);
    assertTrue(key.matches("ccr-[A-Za-z0-9_-]{43}"), key);
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"CLIENT_KEYS": [%s], "Router": {"default": "p,m"},
             "Providers": [{"name": "p", "api_base_url": "http://h", "api_key": ""}]}
            """
                .formatted(lines.get(3)),
            Map.of());
    assertEquals(List.of(), config.warnings());
    assertEquals("al\"ice", config.server().clientKeys().getFirst().client().name());
    assertEquals(Secret.of(key).sha256(), config.server().clientKeys().getFirst().sha256());
    assertFalse(lines.get(3).contains(key.substring(4)), "the entry holds no key");
    assertNotEquals(run.out(), Run.of(Map.of(), "config", "key", "al\"ice").out());
  }
}
