package dev.ccr.proxy.config;

import java.util.List;

/**
 * A configuration that cannot be used, with everything that is wrong with it. Carries no stack
 * trace: it tells about a file, not about a place in our code. Never quotes a secret.
 */
public final class ConfigException extends Exception {
  private final List<String> problems;
  private final List<String> warnings;

  ConfigException(List<String> problems, List<String> warnings) {
    super(String.join("\n", problems), null, false, false);
    this.problems = List.copyOf(problems);
    this.warnings = List.copyOf(warnings);
  }

  /** At least one; a line each: {@code file:line: key: value (expected: condition)}. */
  public List<String> problems() {
    return problems;
  }

  /** Often the cause of the problems: a misspelt key is only a warning by itself. */
  public List<String> warnings() {
    return warnings;
  }

  /** The problems, a line each. */
  @Override
  public String getMessage() {
    return String.join("\n", problems);
  }
}
