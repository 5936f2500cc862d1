package dev.ccr.proxy.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Tells when a file has changed: written in place, replaced by another, or reached by other links.
 * The system's notices make it quick; looking at the file from time to time makes it sure, since
 * not all file systems give notice. One daemon thread of its own does both.
 */
final class FileWatch implements AutoCloseable {

  /**
   * How patient it is.
   *
   * @param quiet a change is told once nothing has happened for so long: writers write in pieces
   * @param longest or after so long in any case
   * @param look how often to look at the file without being asked to
   */
  record Timing(Duration quiet, Duration longest, Duration look) {}

  private final Path file;
  private final Timing timing;
  private final Runnable changed;
  private final Thread thread;
  private volatile FileStamp known;

  /** @param changed called on the thread of the watch, which it must not end by throwing */
  FileWatch(Path file, Timing timing, Runnable changed) {
    this.file = file;
    this.timing = timing;
    this.changed = changed;
    known = FileStamp.of(file);
    thread = new Thread(this::run, "ccr-config");
    thread.setDaemon(true);
  }

  /** The file is about to be read as it is now. */
  void mark() {
    known = FileStamp.of(file);
  }

  /** Starts to watch. What changed since the last mark counts. */
  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try (WatchedDirectories directories = new WatchedDirectories()) {
      while (!Thread.currentThread().isInterrupted()) {
        directories.follow(file);
        if (!FileStamp.of(file).equals(known)) { // looked at after the watch: no change is lost
          settle(directories);
          changed.run();
        } else if (directories.await(timing.look())) {
          settle(directories); // the same marks may hide a change: file times are coarse
          changed.run();
        } else if (FileStamp.of(file).equals(known)) {
          Thread.sleep(timing.quiet().toMillis()); // a neighbour changes, perhaps incessantly
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void settle(WatchedDirectories directories) throws InterruptedException {
    long start = System.nanoTime();
    FileStamp before;
    FileStamp after = FileStamp.of(file);
    boolean busy;
    do {
      before = after;
      busy = directories.await(timing.quiet());
      after = FileStamp.of(file);
    } while ((busy || !after.equals(before))
        && System.nanoTime() - start < timing.longest().toNanos());
  }
}
