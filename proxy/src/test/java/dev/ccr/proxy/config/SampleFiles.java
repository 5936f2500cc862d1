package dev.ccr.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Configurations as users of several routers have them. */
final class SampleFiles {
  private static final Path FOLDER = Path.of("src/test/resources/config");

  /** The variables that some of them refer to. */
  static final Map<String, String> ENV =
      Map.of(
          "HOME", "/home/u",
          "CCR_KEY", "key-of-clients",
          "DS_KEY", "key-of-ds",
          "G_KEY", "key-of-g",
          "SECOND_KEY", "k2",
          "OPENROUTER_KEY", "sk-or-2");

  private SampleFiles() {}

  static List<Path> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> !file.toString().endsWith(".txt")).sorted().toList();
    }
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  static Config read(Path file) throws IOException, ConfigException {
    return ConfigReader.parse(name(file), Files.readString(file), ENV);
  }
}
