package dev.ccr.cli.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the variables say about the configuration file. */
public final class Environment {

  private static final List<String> OVERRIDES = List.of("CCR_HOST", "CCR_PORT", "CCR_LOG_LEVEL");

  private Environment() {}

  /** Without the variables that override a file: what remains shows what the file itself says. */
  public static Map<String, String> withoutOverrides(Map<String, String> env) {
    Map<String, String> plain = new HashMap<>(env);
    OVERRIDES.forEach(plain::remove);
    return Map.copyOf(plain);
  }
}
