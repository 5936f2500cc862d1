package dev.ccr.proxy.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Tells when files have changed: written in place, replaced by others, or reached by other links.
 * The system's notices make it quick; looking at the file from time to time makes it sure, since
 * not all file systems give notice. One daemon thread of its own does both.
 */
public final class FileWatch implements AutoCloseable {

  /**
   * How patient it is.
   *
   * @param quiet a change is told once nothing has happened for so long: writers write in pieces
   * @param longest or after so long in any case
   * @param look how often to look at the file without being asked to
   */
  public record Timing(Duration quiet, Duration longest, Duration look) {}

  /** For files that people and their tools change. */
  public static final Timing USUAL =
      new Timing(Duration.ofMillis(150), Duration.ofSeconds(2), Duration.ofSeconds(2));

  private final List<Path> files;
  private final Timing timing;
  private final Runnable changed;
  private final Thread thread;
  private volatile List<FileStamp> known;

  /** @param changed called on the thread of the watch, which it must not end by throwing */
  public FileWatch(List<Path> files, Timing timing, Runnable changed) {
    this.files = List.copyOf(files);
    this.timing = timing;
    this.changed = changed;
    known = stamps();
    thread = new Thread(this::run, "ccr-config");
    thread.setDaemon(true);
  }

  /** The files are about to be read as they are now. */
  public void mark() {
    known = stamps();
  }

  /** Starts to watch. What changed since the last mark counts. */
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try (WatchedDirectories directories = new WatchedDirectories()) {
      while (!Thread.currentThread().isInterrupted()) {
        directories.follow(files);
        if (!stamps().equals(known)) { // looked at after the watch: no change is lost
          settle(directories);
          changed.run();
        } else if (directories.await(timing.look())) {
          settle(directories); // the same marks may hide a change: file times are coarse
          changed.run();
        } else if (stamps().equals(known)) {
          Thread.sleep(timing.quiet().toMillis()); // a neighbour changes, perhaps incessantly
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void settle(WatchedDirectories directories) throws InterruptedException {
    long start = System.nanoTime();
    List<FileStamp> before;
    List<FileStamp> after = stamps();
    boolean busy;
    do {
      before = after;
      busy = directories.await(timing.quiet());
      after = stamps();
    } while ((busy || !after.equals(before))
        && System.nanoTime() - start < timing.longest().toNanos());
  }

  private List<FileStamp> stamps() {
    return files.stream().map(FileStamp::of).toList();
  }
}
