package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedDirectoriesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir private Path folder = Path.of("unset");

  @Test
  void aFolderThatComesInPlaceOfAnotherIsWatchedInItsPlace() throws Exception {
    Path ccr = Files.createDirectory(folder.resolve("ccr"));
    Path file = ccr.resolve("config.json");
    try (WatchedDirectories directories = new WatchedDirectories()) {
      directories.follow(List.of(file));
      Files.move(ccr, folder.resolve("ccr.old"));
      Files.createDirectory(ccr);
      directories.follow(List.of(file));
      Files.writeString(file, "{}");
      assertTrue(directories.await(PATIENCE));
    }
  }
}
