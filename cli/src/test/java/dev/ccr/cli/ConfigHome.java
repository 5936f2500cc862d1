package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a user's configuration is.
 *
 * @param home the user's own folder, which is there
 */
record ConfigHome(Path home) {

  /** All variables that a command sees. */
  Map<String, String> env() {
    return Map.of("HOME", home.toString(), "USERPROFILE", home.toString());
  }

  Path folder() {
    return home.resolve(".claude-code-router");
  }

  Path file() {
    return folder().resolve("config.json");
  }

  /** Writes the file, for its owner alone. */
  void write(String text) throws IOException {
    Files.createDirectories(folder());
    Files.writeString(file(), text);
    if (hasPermissions(file())) {
      Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
    }
  }

  /** What the router makes of the file. */
  Config read() throws ConfigException {
    return ConfigReader.read(file(), env());
  }

  /** A configuration of one provider, p. */
  static String providers(String more) {
    return """
        {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
        """
        + more
        + "}";
  }

  /** What is in a folder, in order. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  static void assertOwnersAlone(Path path, String permissions) throws IOException {
    if (hasPermissions(path)) {
      assertEquals(
          permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
