package dev.ccr.cli.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.cli.files.FlatJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Those of {@link #files} that are there and can be read. */
  static List<ClaudeSettings> present(Map<String, String> env, Path project) {
    List<ClaudeSettings> present = new ArrayList<>();
    for (Path file : files(env, project)) {
      if (Files.isRegularFile(file)) {
        try {
          present.add(read(file));
        } catch (IOException e) {
          // Claude Code cannot read it either, and says so
        }
      }
    }
    return present;
  }

  /**
   * The settings that are a value of the option {@code --settings}.
   *
   * @param value JSON, or the path of a file
   * @throws IOException if it is neither
   */
  static ClaudeSettings given(String value) throws IOException {
    if (value.strip().startsWith("{")) {
      return new ClaudeSettings(Path.of("--settings"), variables(value.getBytes(UTF_8)));
    }
    try {
      return read(Path.of(value));
    } catch (InvalidPathException e) {
      throw new IOException(e);
    }
  }

  /**
   * Reads one that is there.
   *
   * @throws IOException if it cannot be read, or is not JSON
   */
  public static ClaudeSettings read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new ClaudeSettings(file, variables(in.readNBytes(LARGEST)));
    }
  }

  private static Map<String, String> variables(byte[] json) throws IOException {
    Map<String, String> env = new TreeMap<>();
    FlatJson.read(json)
        .forEach(
            (path, value) -> {
              if (path.startsWith(ENV)) {
                env.put(path.substring(ENV.length()), value);
              }
            });
    return env;
  }
}
