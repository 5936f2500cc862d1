package dev.ccr.cli.doctor;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether there is a configuration, and what is wrong with it. */
final class ConfigCheck {

  private static final String CHECK = "config";
  private static final String MEND = "Correct the file; docs/configuration.md describes the keys.";

  private ConfigCheck() {}

  /**
   * Reads the configuration, with the variables that override it.
   *
   * @return nothing if it cannot be used; then the findings say why
   */
  static Optional<Config> read(Map<String, String> env, List<Finding> findings) {
    Path file;
    try {
      file = ConfigReader.defaultPath(env);
    } catch (ConfigException e) {
      problems(e, "Let CCR_CONFIG_PATH name a file, or unset it.", findings);
      return Optional.empty();
    }
    try {
      Config config = ConfigReader.read(file, env);
      findings.add(Finding.ok(CHECK, file.toAbsolutePath() + " can be used"));
      config.warnings().forEach(warning -> findings.add(warning(warning, file)));
      return Optional.of(config);
    } catch (ConfigException e) {
      problems(e, Files.exists(file) ? MEND : "Make one: ccr config init", findings);
      return Optional.empty();
    }
  }

  private static void problems(ConfigException e, String remedy, List<Finding> findings) {
    e.warnings().forEach(warning -> findings.add(Finding.warning(CHECK, warning, MEND)));
    e.problems().forEach(problem -> findings.add(Finding.problem(CHECK, problem, remedy)));
  }

  private static Finding warning(String text, Path file) {
    if (text.endsWith(Config.NO_DEFAULT)) { // as ccr config validate sees it
      return Finding.problem(CHECK, text, "Choose one: ccr model default provider,model");
    }
    return Finding.warning(
        CHECK, text, text.contains(": mode ") ? "chmod 600 " + file.toAbsolutePath() : MEND);
  }
}
