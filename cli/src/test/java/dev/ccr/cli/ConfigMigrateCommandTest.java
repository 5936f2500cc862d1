package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ccr config migrate} as a user sees it, on a real file system. */
final class ConfigMigrateCommandTest {

  private static final String FOREIGN =
      """
      { // of another router
        "LOG": true, "PORT": "3456", "APIKEY": "client-key",
        "providers": [{"name": "ds", "api_base_url": "https://api.deepseek.com/chat/completions",
                       "api_key": "key-of-ds", "models": ["deepseek-v4"],
                       "transformer": {"use": ["deepseek"]}}],
        "Router": {"default": "ds,deepseek-v4", "longContextThreshold": 90000},
      }
      """;

  private static final String DOCUMENTED =
      """
      {
        "HOST": "127.0.0.1",
        "PORT": 3456,
        "APIKEY": "client-key",
        "Providers": [ {
          "name": "ds",
          "api_base_url": "https://api.deepseek.com/chat/completions",
          "api_key": "key-of-ds",
          "models": [ "deepseek-v4" ]
        } ],
        "Router": {
          "default": "ds,deepseek-v4",
          "longContextThreshold": 90000
        }
      }
      """;

  @TempDir private Path home = Path.of("unset");
  private ConfigHome place = new ConfigHome(home);
  private Path folder = Path.of("unset");
  private Path file = Path.of("unset");
  private Map<String, String> env = Map.of();

  @BeforeEach
  void home() {
    place = new ConfigHome(home);
    env = place.env();
    folder = place.folder();
    file = place.file();
  }

  @Test
  void migratePrintsTheDocumentedFormAndChangesNothing() throws IOException {
    Path foreign = Files.writeString(home.resolve("other.json"), FOREIGN);
    Map<String, String> overridden = new HashMap<>(env);
    overridden.put("CCR_PORT", "1");
    Run run = Run.of(overridden, "config", "migrate", foreign.toString());
    assertEquals(0, run.code(), run.err());
    assertEquals(DOCUMENTED, run.out());
    assertTrue(run.err().contains("warning: other.json:2: LOG: "), run.err());
    assertEquals(FOREIGN, Files.readString(foreign));
    assertFalse(Files.exists(file));
  }

  @Test
  void migrateWritesWhereTheRouterLooksAndKeepsACopy() throws Exception {
    place.write(FOREIGN);
    Run run = Run.of(env, "config", "migrate", "--write");
    assertEquals(0, run.code(), run.err());
    assertEquals(DOCUMENTED, Files.readString(file));
    assertEquals(FOREIGN, Files.readString(file.resolveSibling("config.json.bak")));
    ConfigHome.assertOwnersAlone(file, "rw-------");
    assertFalse(run.out().contains("key-of-ds"), "what is written is not printed");
    assertFalse(run.out().contains("Restart"), "the file is where it was");
  }

  @Test
  void migrateOfAForeignFileLeavesItAlone() throws Exception {
    Path foreign = Files.writeString(home.resolve("other.json"), FOREIGN);
    assertEquals(0, Run.of(env, "config", "migrate", "-w", foreign.toString()).code());
    assertEquals(DOCUMENTED, Files.readString(file));
    assertEquals(FOREIGN, Files.readString(foreign));
    assertEquals(List.of("config.json"), ConfigHome.names(folder));
  }

  @Test
  void migrateOfAYamlNameWritesJsonBesideIt() throws Exception {
    Path yaml = Files.writeString(home.resolve("ccr.yaml"), DOCUMENTED); // JSON is YAML
    Map<String, String> named = Map.of("CCR_CONFIG_PATH", yaml.toString());
    Run run = Run.of(named, "config", "migrate", "--write");
    assertEquals(0, run.code(), run.err());
    assertEquals(DOCUMENTED, Files.readString(home.resolve("ccr.json")));
    assertTrue(run.out().contains("CCR_CONFIG_PATH still names " + yaml), run.out());
    assertTrue(run.out().contains("Restart the router if it runs"), run.out());
  }

  @Test
  void migrateKeepsReferencesToKeysAndPutsTheYamlAside() throws Exception {
    Files.createDirectories(folder);
    Path key = Files.writeString(home.resolve("key-of-box"), "secret-of-box\n");
    Path yaml =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            providers:
              - {name: ds, url: "https://api.deepseek.com/chat/completions", api_key: "${DS_KEY}"}
              - {name: box, url: "http://localhost/", api_key: "file:%s"}
            router: {default: "ds,m"}
            """
                .formatted(key.toString().replace('\\', '/')));
    Map<String, String> withKey = new HashMap<>(env);
    withKey.put("DS_KEY", "key-of-ds");
    Run run = Run.of(withKey, "config", "migrate", "--write");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("it goes on looking for " + yaml + "\n"), run.out());
    String written = Files.readString(file);
    assertTrue(written.contains("\"api_key\": \"${DS_KEY}\""), written);
    assertTrue(written.contains("\"api_key\": \"file:"), written);
    assertFalse(written.contains("key-of-ds") || written.contains("secret-of-box"), written);
    assertEquals(List.of("config.json", "config.yaml.bak"), ConfigHome.names(folder));
    ConfigHome.assertOwnersAlone(folder.resolve("config.yaml.bak"), "rw-------");
    assertFalse(Files.exists(yaml));
    assertEquals(0, Run.of(withKey, "config", "validate").code());
  }

  @Test
  void migrateOfABadFileSaysWhatIsWrong() {
    Run run = Run.of(env, "config", "migrate", home.resolve("none.json").toString());
    assertEquals(1, run.code());
    assertTrue(run.err().contains("none.json: no such file"), run.err());
    assertEquals("", run.out());
  }
}
