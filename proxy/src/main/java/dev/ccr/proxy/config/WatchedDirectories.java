package dev.ccr.proxy.config;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories in which files' entries stand: those of their paths, and those which links lead
 * to.
 * Where the system cannot watch them, waiting for them is only waiting. For one thread.
 */
final class WatchedDirectories implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedDirectories.class);

  /**
   * A directory that is watched.
   *
   * @param identity tells it from another one of the same path; {@code null} if nothing does
   */
  private record Watched(WatchKey key, @Nullable Object identity) {}

  private final @Nullable WatchService service = service();
  private final Map<Path, Watched> watched = new HashMap<>();
  private Set<Path> names = Set.of();

  /** Watches for these files from now on, and for no others. */
  void follow(List<Path> files) {
    Set<Path> directories = new HashSet<>();
    Set<Path> entries = new HashSet<>();
    for (Path file : files) {
      add(file.toAbsolutePath(), directories, entries);
      try {
        add(file.toRealPath(), directories, entries);
      } catch (IOException e) {
        LOG.debug("{} leads nowhere", file, e);
      }
    }
    names = entries;
    watched
        .entrySet()
        .removeIf(
            each -> {
              Path directory = each.getKey();
              boolean over =
                  !directories.contains(directory)
                      || !Objects.equals(identity(directory), each.getValue().identity());
              if (over) {
                each.getValue().key().cancel();
              }
              return over;
            });
    directories.forEach(this::watch);
  }

  /**
   * Waits until an entry changes, or the time is over.
   *
   * @return whether a file itself may have changed; not whether its links do
   */
  boolean await(Duration time) throws InterruptedException {
    if (service == null) {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
      return false;
    }
    boolean named = false;
    WatchKey key = service.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    while (key != null) {
      for (WatchEvent<?> event : key.pollEvents()) {
        named |=
            event.kind().equals(StandardWatchEventKinds.OVERFLOW)
                || (event.context() instanceof Path name && names.contains(name));
      }
      if (!key.reset()) { // the directory is gone; another may come in its place
        WatchKey gone = key;
        watched.values().removeIf(each -> each.key().equals(gone));
      }
      key = service.poll();
    }
    return named;
  }

  @Override
  public void close() {
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        LOG.debug("closing the watch service", e);
      }
    }
  }

  private static void add(Path file, Set<Path> directories, Set<Path> entries) {
    Path directory = file.getParent();
    Path name = file.getFileName();
    if (directory != null && name != null) {
      directories.add(directory);
      entries.add(name);
    }
  }

  private void watch(Path directory) {
    if (service == null || watched.containsKey(directory)) {
      return;
    }
    try {
      Object identity = identity(directory); // first: one that comes in between is then noticed
      WatchKey key =
          directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
      watched.put(directory, new Watched(key, identity));
    } catch (IOException e) { // not there yet, or no watches left: looking at the file remains
      LOG.debug("{} cannot be watched", directory, e);
    }
  }

  private static @Nullable Object identity(Path directory) {
    try {
      return Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable WatchService service() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      LOG.info("folders cannot be watched, only looked at: {}", e.getMessage());
      return null;
    }
  }
}
