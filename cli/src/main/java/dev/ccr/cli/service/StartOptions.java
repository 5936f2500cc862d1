package dev.ccr.cli.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a router is started.
 *
 * @param verbose logs as at level {@code debug}, whatever the configuration says
 * @param logFile where it logs to as well, or {@code null}
 */
public record StartOptions(boolean verbose, @Nullable Path logFile) {

  /** What holds where nothing is said. */
  public static final StartOptions DEFAULTS = new StartOptions(false, null);

  /** These options as arguments of {@code ccr start}. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (verbose) {
      arguments.add("--verbose");
    }
    if (logFile != null) {
      arguments.add("--log-file=" + logFile);
    }
    return arguments;
  }
}
