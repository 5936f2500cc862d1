package dev.ccr.cli.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log file that is being read, and maybe written: a line counts when it has its line feed. It is
 * still the same file when it has got another name. For one thread.
 */
final class OpenLog implements AutoCloseable {

  private final Path path;
  private final @Nullable Object key;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
  private long position;

  private OpenLog(Path path, @Nullable Object key, InputStream in) {
    this.path = path;
    this.key = key;
    this.in = in;
  }

  /** Opens a file at its beginning. */
  static OpenLog open(Path path) throws IOException {
    while (true) {
      Object key = key(path);
      InputStream in = Files.newInputStream(path);
      if (key == null || key.equals(key(path))) {
        return new OpenLog(path, key, in);
      }
      in.close(); // another file has come in its place just then
    }
  }

  /** Hands on all lines that have been completed. */
  void read(Consumer<String> lines) throws IOException {
    for (int count; (count = in.read(buffer)) > 0; ) {
      position += count;
      int start = 0;
      for (int i = 0; i < count; i++) {
        if (buffer[i] == '\n') {
          unfinished.write(buffer, start, i - start);
          lines.accept(take());
          start = i + 1;
        }
      }
      unfinished.write(buffer, start, count - start);
    }
  }

  /** Hands on what there is of a line without an end. */
  void readUnfinished(Consumer<String> lines) {
    if (unfinished.size() > 0) {
      lines.accept(take());
    }
  }

  /** Whether its name belongs to another file now, or to one that has been emptied. */
  boolean isReplaced() throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return now.size() < position || (key != null && !key.equals(now.fileKey()));
    } catch (NoSuchFileException e) {
      return false; // not yet
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private String take() {
    String line = unfinished.toString(StandardCharsets.UTF_8);
    unfinished.reset();
    return line;
  }

  private static @Nullable Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
