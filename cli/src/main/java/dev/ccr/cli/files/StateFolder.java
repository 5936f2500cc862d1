package dev.ccr.cli.files;

import dev.ccr.proxy.config.ConfigReader;
import java.io.IOException;
import java.nio.file.FileSystemException;
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

  /** Tells of services that run, if any ever has; see {@link #makeRun}. */
  public Path run() {
    return root.resolve("run");
  }

  /**
   * The same; made if it is not there.
   *
   * @throws UnwritableFolderException if it cannot be made
   */
  public Path makeRun() throws IOException {
    return own(run());
  }

  /**
   * Holds the logs; made if it is not there.
   *
   * @throws UnwritableFolderException if it cannot be made
   */
  public Path logs() throws IOException {
    return own(root.resolve("logs"));
  }

  /** Where the log goes unless another file is asked for. */
  public Path log() {
    return root.resolve("logs").resolve("ccr.log");
  }

  private static Path own(Path folder) throws IOException {
    try {
      PrivateFile.makeFolder(folder);
    } catch (FileSystemException e) {
      throw new UnwritableFolderException(folder, e);
    }
    return folder;
  }
}
