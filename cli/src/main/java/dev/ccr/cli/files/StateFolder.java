package dev.ccr.cli.files;

import dev.ccr.proxy.config.ConfigReader;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the router keeps what it writes by itself: {@code $XDG_STATE_HOME/claude-code-router} if
 * that variable names an absolute path (XDG Base Directory Specification 0.8), else the folder of
 * the configuration. Both folders in it are their owner's alone (0700).
 *
 * @param root the folder itself; other things may be in it
 */
public record StateFolder(Path root) {

  /** The folder that the environment asks for. It is made when something is written. */
  public static StateFolder of(Map<String, String> env) {
    String state = env.getOrDefault("XDG_STATE_HOME", "");
    try {
      if (!state.isEmpty() && Path.of(state).isAbsolute()) {
        return new StateFolder(Path.of(state).resolve("claude-code-router"));
      }
    } catch (InvalidPathException e) {
      // not absolute, as far as anybody can tell: the specification asks to ignore it
    }
    return new StateFolder(ConfigReader.defaultFolder(env));
  }

  /** Tells of services that run; made if it is not there. */
  public Path run() throws IOException {
    return own(root.resolve("run"));
  }

  /** Holds the logs; made if it is not there. */
  public Path logs() throws IOException {
    return own(root.resolve("logs"));
  }

  /** Where the log goes unless another file is asked for. */
  public Path log() {
    return root.resolve("logs").resolve("ccr.log");
  }

  private static Path own(Path folder) throws IOException {
    PrivateFile.makeFolder(folder);
    return folder;
  }
}
