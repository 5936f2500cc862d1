package dev.ccr.cli.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who has a {@link ServiceLock}, as Linux tells it: that is certain, whatever the file says. Where
 * the system does not tell, or numbers the file system in two ways, as Btrfs does, it is unknown.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_locks.5.html">proc_locks(5)</a>
 */
final class LockHolder {

  private static final Path LOCKS = Path.of("/proc/locks");

  // 1: POSIX  ADVISORY  WRITE 27511 fe:00:2205094 9223372036854775806 9223372036854775806
  private static final int KIND = 1;
  private static final int PID = 4;
  private static final int FILE = 5;
  private static final int START = 6;
  private static final int FIELDS = 8;

  private LockHolder() {}

  /** The process that has the lock of a file now. */
  static Optional<ProcessHandle> of(Path lock) throws IOException {
    if (!Files.isReadable(LOCKS) || !Files.exists(lock)) {
      return Optional.empty();
    }
    String file = number(lock);
    String start = String.valueOf(ServiceLock.POSITION);
    for (String line : Files.readAllLines(LOCKS, US_ASCII)) {
      String[] fields = line.split("\\s+", -1); // of one that waits, the second is an arrow
      if (fields.length == FIELDS
          && fields[KIND].equals("POSIX")
          && fields[FILE].equals(file)
          && fields[START].equals(start)
          && fields[PID].matches("[1-9]\\d{0,17}")) { // none of another namespace
        return ProcessHandle.of(Long.parseLong(fields[PID]));
      }
    }
    return Optional.empty();
  }

  private static String number(Path file) throws IOException {
    long device = (Long) Files.getAttribute(file, "unix:dev");
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL); // as makedev(3) has them
    long minor = (device & 0xff) | ((device >>> 12) & ~0xffL);
    Object inode = Files.getAttribute(file, "unix:ino");
    return "%02x:%02x:%s".formatted(major, minor & 0xffffffffL, inode);
  }
}
