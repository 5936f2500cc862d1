package dev.ccr.cli.log;

import dev.ccr.cli.terminal.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Prints a log file for people, and what is added to it. Ends early when nobody reads any more. For
 * one thread.
 */
public final class LogReader {

  /** Stands for all lines of the file. */
  public static final int ALL = -1;

  /** How often a file is looked at that is followed, in milliseconds. */
  private static final long LOOK_MILLIS = 200;

  private final Path file;
  private final PrintWriter out;
  private final LogLine lines;
  private final StringBuilder text = new StringBuilder();

  /** @param out where it is printed; flushed */
  public LogReader(Path file, Style style, PrintWriter out) {
    this.file = file;
    this.out = out;
    lines = new LogLine(new LogText(style, ZoneId.systemDefault(), true));
  }

  /**
   * Prints the file.
   *
   * @param count how many lines at most, the last ones, of older files too; or {@link #ALL}
   */
  public void print(int count) throws IOException {
    try (OpenLog log = OpenLog.open(file)) {
      print(log, count);
      log.readUnfinished(this::print);
    }
    out.flush();
  }

  /**
   * Prints the file, and then what is added to it, also when another one takes its place. Comes to
   * an end only when nobody reads any more, or by an interrupt.
   */
  public void follow(int count) throws IOException, InterruptedException {
    OpenLog log = OpenLog.open(file);
    try {
      print(log, count);
      while (!out.checkError()) { // which flushes too
        if (log.isReplaced()) {
          log.read(this::print); // what was written last before that
          log.readUnfinished(this::print);
          log.close();
          log = reopen();
        } else {
          Thread.sleep(LOOK_MILLIS);
        }
        log.read(this::print);
      }
    } finally {
      log.close();
    }
  }

  private OpenLog reopen() throws IOException, InterruptedException {
    while (true) {
      try {
        return OpenLog.open(file);
      } catch (NoSuchFileException e) { // between one rotation and the next
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }

  private void print(OpenLog log, int count) throws IOException {
    if (count == ALL) {
      log.read(this::print);
      return;
    }
    Deque<String> last = last(log, count);
    for (int number = 1; number <= Rotation.KEPT && last.size() < count; number++) {
      Path older = Rotation.old(file, number);
      if (!Files.isRegularFile(older)) {
        break;
      }
      try (OpenLog before = OpenLog.open(older)) {
        last(before, count - last.size()).descendingIterator().forEachRemaining(last::addFirst);
      }
    }
    last.forEach(this::print);
  }

  private static Deque<String> last(OpenLog log, int count) throws IOException {
    Deque<String> last = new ArrayDeque<>();
    log.read(
        line -> {
          last.addLast(line);
          if (last.size() > count) {
            last.removeFirst();
          }
        });
    return last;
  }

  private void print(String line) {
    text.setLength(0);
    lines.append(line, text);
    out.print(text);
  }
}
