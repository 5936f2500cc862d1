package dev.ccr.cli.code;

import dev.ccr.proxy.config.Config;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the program of Claude Code. */
public final class ClaudeBinary {

  /** Names a program, in place of the one that is found. */
  public static final String VARIABLE = "CLAUDE_PATH";

  /** What to do if there is none. */
  public static final String HINT =
      "Install it (npm install -g @anthropic-ai/claude-code), or let " + VARIABLE + " name it.";

  private static final String NAME = "claude";

  /** Its installers' folders, where only an alias of a shell may lead. */
  private static final List<String> HOMES = List.of(".local/bin", ".claude/local");

  private ClaudeBinary() {}

  /**
   * Where it is: what {@code CLAUDE_PATH} names; or else in a folder of {@code PATH}; or else where
   * its installers put it.
   *
   * @throws IOException if there is none; the message says in one line what was looked for
   */
  public static Path find(Map<String, String> env) throws IOException {
    return find(env, File.separatorChar == '\\');
  }

  /**
   * The same; what {@code CLAUDE_PATH} of the configuration names counts where the variable is not
   * set.
   */
  public static Path find(Map<String, String> env, Config config) throws IOException {
    if (config.claudePath().isEmpty() || !env.getOrDefault(VARIABLE, "").isEmpty()) {
      return find(env);
    }
    Map<String, String> named = new HashMap<>(env);
    named.put(VARIABLE, config.claudePath());
    return find(named);
  }

  /** @param windows where programs have endings, and variables any case */
  static Path find(Map<String, String> env, boolean windows) throws IOException {
    String named = variable(VARIABLE, env, windows);
    if (!named.isEmpty()) {
      boolean bare = named.indexOf('/') < 0 && named.indexOf(File.separatorChar) < 0;
      return (bare ? inFolders(folders(env, windows), named, windows) : program(named, windows))
          .orElseThrow(
              () -> new IOException(VARIABLE + ": " + named + " (expected: a program)"));
    }
    return inFolders(Stream.concat(folders(env, windows), homes(env, windows)), NAME, windows)
        .orElseThrow(() -> new IOException(NAME + ": not found (expected: a program on the PATH)"));
  }

  private static Stream<String> folders(Map<String, String> env, boolean windows) {
    return Stream.of(variable("PATH", env, windows).split(windows ? ";" : File.pathSeparator, -1))
        .map(folder -> windows ? folder.replace("\"", "") : folder)
        .filter(folder -> !folder.isEmpty()); // the working folder, which nobody means
  }

  private static Stream<String> homes(Map<String, String> env, boolean windows) {
    String home = variable(windows ? "USERPROFILE" : "HOME", env, windows);
    return home.isEmpty() ? Stream.of() : HOMES.stream().map(each -> home + "/" + each);
  }

  private static Optional<Path> inFolders(Stream<String> folders, String name, boolean windows) {
    return folders
        .map(folder -> program(folder + "/" + name, windows))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** The program of that path; on Windows also without its ending. */
  private static Optional<Path> program(String path, boolean windows) {
    // An npm package has a script for other systems of the same name without an ending.
    List<String> endings =
        !windows || path.matches(".*\\.\\w+") ? List.of("") : List.of(".exe", ".cmd", ".bat");
    return endings.stream()
        .map(ending -> path(path + ending))
        .flatMap(Optional::stream)
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .map(Path::toAbsolutePath)
        .findFirst();
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) { // a folder of PATH may be called anything
      return Optional.empty();
    }
  }

  private static String variable(String name, Map<String, String> env, boolean windows) {
    return windows
        ? env.entrySet().stream()
            .filter(each -> each.getKey().equalsIgnoreCase(name))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("")
        : env.getOrDefault(name, "");
  }
}
