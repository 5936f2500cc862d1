package dev.ccr.cli.doctor;

import dev.ccr.cli.code.ClaudeBinary;
import dev.ccr.cli.code.ClaudeEnvironment;
import dev.ccr.cli.code.ClaudeSettings;
import dev.ccr.proxy.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether Claude Code is there, and whether its settings let it talk to the router. */
final class ClaudeCheck {

  private ClaudeCheck() {}

  /** @param config {@code null} if there is none that can be read */
  static Finding program(Map<String, String> env, @Nullable Config config) {
    try {
      Path found = config == null ? ClaudeBinary.find(env) : ClaudeBinary.find(env, config);
      return Finding.ok("claude", found.toString());
    } catch (IOException e) {
      return Finding.warning("claude", String.valueOf(e.getMessage()), ClaudeBinary.HINT);
    }
  }

  /** @param wanted what has to be so */
  static List<Finding> settings(
      Map<String, String> env, Path project, ClaudeEnvironment wanted) {
    List<Finding> findings = new ArrayList<>();
    for (Path file : ClaudeSettings.files(env, project)) {
      if (Files.exists(file)) {
        check(file, wanted, findings);
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok("settings", "none of Claude Code's leads past the router"))
        : findings;
  }

  private static void check(Path file, ClaudeEnvironment wanted, List<Finding> findings) {
    ClaudeSettings settings;
    try {
      settings = ClaudeSettings.read(file);
    } catch (IOException e) {
      findings.add(
          Finding.warning("settings", file + ": not JSON that can be read", "Correct the file."));
      return;
    }
    for (String name : wanted.overruledBy(settings)) {
      findings.add(
          Finding.warning(
              "settings",
              file + ": env." + name + " counts more than what ccr env sets",
              "Take it out of that file."));
    }
  }
}
