package dev.ccr.cli.config;

import dev.ccr.proxy.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Keeps keys that came from variables or from files of their own out of a configuration: they are
 * written as references again. A key that the configuration itself holds stays as it is.
 */
final class KeyReferences {

  /** Variables that count for all providers without being named in a file. */
  private static final List<String> UNNAMED = List.of("CCR_API_KEY", "CCO_API_KEY");

  private static final Pattern FILE = Pattern.compile("file:([^\"'\\s,\\]}]+)");

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
        .or(() -> file(value))
        .orElse(value);
  }

  /** The reference in the source to a file that holds the key. */
  private Optional<String> file(String value) {
    return FILE
        .matcher(source)
        .results()
        .filter(reference -> value.equals(content(reference.group(1))))
        .map(MatchResult::group)
        .findFirst();
  }

  private static String content(String path) {
    try {
      return Files.readString(Path.of(path.startsWith("///") ? path.substring(2) : path)).strip();
    } catch (IOException | InvalidPathException e) { // not the file that the key came from
      return "";
    }
  }

  private boolean isUsed(String name) {
    return UNNAMED.contains(name) || source.contains("$" + name) || source.contains("${" + name);
  }
}
