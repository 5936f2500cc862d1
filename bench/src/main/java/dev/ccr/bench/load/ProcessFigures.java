package dev.ccr.bench.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux knows of a process. Safe for any thread. */
final class ProcessFigures {

  private static final Pattern RSS = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

  private final Path proc;

  ProcessFigures(long pid) {
    this.proc = Path.of("/proc", Long.toString(pid));
  }

  /**
   * The processor time of its threads so far, in user space and in the kernel, in nanoseconds. The
   * scheduler's own figures: those of {@code stat} are the same, in ticks of 10 ms. Without that of
   * threads that have ended.
   */
  long cpuNanos() throws IOException {
    return cpuNanos("");
  }

  /** Likewise, of the threads in which a JVM compiles. */
  long compilerNanos() throws IOException {
    return cpuNanos("C1 Compiler") + cpuNanos("C2 Compiler");
  }

  private long cpuNanos(String name) throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(proc.resolve("task"))) {
      for (Path task : tasks) {
        try {
          if (name.isEmpty() || Files.readString(task.resolve("comm")).startsWith(name)) {
            String figures = Files.readString(task.resolve("schedstat"));
            sum += Long.parseLong(figures, 0, figures.indexOf(' '), 10);
          }
        } catch (NoSuchFileException e) {
          // The thread has ended since it was listed.
        }
      }
    }
    return sum;
  }

  /** What is resident, in kilobytes. */
  long rssKilobytes() throws IOException {
    Matcher found = RSS.matcher(Files.readString(proc.resolve("status")));
    if (!found.find()) {
      throw new IOException("no VmRSS in " + proc);
    }
    return Long.parseLong(found.group(1));
  }
}
