package dev.ccr.cli.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.cli.files.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a file, which the kernel takes back when its process ends. The file stays: to delete it
 * would let two processes lock two files of one name. For one thread.
 *
 * <p>A process must not open the file a second time while it has the lock: POSIX gives the lock up
 * when any descriptor of the file is closed.
 */
final class ServiceLock implements AutoCloseable {

  /** One byte behind all content, since Windows lets nobody read what is locked. */
  static final long POSITION = Long.MAX_VALUE - 1;

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final FileChannel channel;

  private ServiceLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param patience how long to wait for it, in milliseconds; 0 for a try
   * @return {@code null} if somebody else has it
   */
  static @Nullable ServiceLock take(Path file, long patience) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PrivateFile.ownersFile(file));
    boolean taken = false;
    try {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience);
      taken = lock(channel) != null;
      while (!taken && System.nanoTime() < deadline) {
        LockSupport.parkNanos(RETRY_NANOS); // there is no wait with a limit
        taken = lock(channel) != null;
      }
      return taken ? new ServiceLock(channel) : null;
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(POSITION, 1, false);
    } catch (OverlappingFileLockException e) { // of another thread of this process
      return null;
    }
  }

  /** Puts a text in place of what is in the file. */
  void write(String text) throws IOException {
    channel.truncate(0);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Gives it up. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
