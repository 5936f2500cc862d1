package dev.ccr.cli.config;

import dev.ccr.proxy.config.Secret;
import java.util.List;
import java.util.Map;

/**
 * Keeps keys that came from variables out of files: they are written as references again. A key
 * that the file itself holds stays as it is.
 */
final class KeyReferences {

  /** Variables that count for all providers without being named in a file. */
  private static final List<String> UNNAMED = List.of("CCR_API_KEY", "CCO_API_KEY");

  private final String source;
  private final Map<String, String> env;

  /** @param source the text that was read */
  KeyReferences(String source, Map<String, String> env) {
    this.source = source;
    this.env = env;
  }

  /** How a key is to be written. */
  String written(Secret key) {
    String value = key.reveal();
    if (source.contains(value)) {
      return value;
    }
    return env.entrySet().stream()
        .filter(variable -> variable.getValue().equals(value) && isUsed(variable.getKey()))
        .map(variable -> "${" + variable.getKey() + "}")
        .min(String::compareTo)
        .orElse(value);
  }

  private boolean isUsed(String name) {
    return UNNAMED.contains(name) || source.contains("$" + name) || source.contains("${" + name);
  }
}
