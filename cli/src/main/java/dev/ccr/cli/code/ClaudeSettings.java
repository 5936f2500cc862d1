package dev.ccr.cli.code;

import dev.ccr.cli.files.FlatJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file of Claude Code's settings: what it says of the environment counts more than the
 * environment itself.
 *
 * @param env the variables it sets, by their names
 */
public record ClaudeSettings(Path file, Map<String, String> env) {

  private static final int LARGEST = 1 << 20; // bytes
  private static final String ENV = "env.";

  public ClaudeSettings {
    env = Map.copyOf(env);
  }

  /**
   * Where they are, whether there or not: the user's, the project's, and the user's for the
   * project.
   *
   * @param project the folder in which Claude Code is started
   */
  public static List<Path> files(Map<String, String> env, Path project) {
    String named = env.getOrDefault("CLAUDE_CONFIG_DIR", "");
    String home = env.getOrDefault("HOME", System.getProperty("user.home", ""));
    Path user = named.isEmpty() ? Path.of(home, ".claude") : Path.of(named);
    Path own = project.resolve(".claude");
    return List.of(
        user.resolve("settings.json"),
        own.resolve("settings.json"),
        own.resolve("settings.local.json"));
  }

  /**
   * Reads one that is there.
   *
   * @throws IOException if it cannot be read, or is not JSON
   */
  public static ClaudeSettings read(Path file) throws IOException {
    Map<String, String> env = new TreeMap<>();
    try (InputStream in = Files.newInputStream(file)) {
      FlatJson.read(in.readNBytes(LARGEST))
          .forEach(
              (path, value) -> {
                if (path.startsWith(ENV)) {
                  env.put(path.substring(ENV.length()), value);
                }
              });
    }
    return new ClaudeSettings(file, env);
  }
}
