package dev.ccr.cli.code;

import dev.ccr.cli.terminal.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Suspends this process together with the program it runs. A terminal's Ctrl-Z stops both; but a
 * program that takes that key itself, as some versions of Claude Code do, may stop only itself, and
 * the shell, which waits for this process, would not come back. Works where {@code /proc} tells of
 * processes; the shell's {@code fg} continues both.
 */
final class JobControl {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Seen so often it is no program that is just being continued. */
  private static final int STOPPED_FOR_GOOD = 2;

  private final Process child;
  private final Path stat;

  private JobControl(Process child, Path stat) {
    this.child = child;
    this.stat = stat;
  }

  /** Watches a program until it ends, on a thread of its own. */
  static void follow(Process child) {
    Path stat = Path.of("/proc", String.valueOf(child.pid()), "stat");
    if (Files.exists(stat) && Signals.haveTerminal()) {
      Thread.ofPlatform().daemon().name("job-control").start(new JobControl(child, stat)::watch);
    }
  }

  private void watch() {
    int seen = 0;
    while (child.isAlive()) {
      LockSupport.parkNanos(POLL_NANOS);
      seen = isStopped() ? seen + 1 : 0;
      if (seen == STOPPED_FOR_GOOD) {
        suspend();
      }
    }
  }

  private boolean isStopped() {
    try {
      return isStopped(Files.readString(stat));
    } catch (IOException e) { // it has ended
      return false;
    }
  }

  /** @param stat {@code 17 (name) T 1 ...}, where the name may have anything in it */
  static boolean isStopped(String stat) {
    return stat.startsWith(") T", stat.lastIndexOf(')'));
  }

  /** All of the shell's job, with who started us if that waits for us. */
  private static void suspend() {
    try {
      new ProcessBuilder("kill", "-TSTP", "0").inheritIO().start();
    } catch (IOException e) {
      // No such program here: the shell does not come back, as it would not without us.
    }
  }
}
