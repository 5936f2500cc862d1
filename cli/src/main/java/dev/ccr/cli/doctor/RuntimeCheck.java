package dev.ccr.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Java that runs this command, and what it may use. */
final class RuntimeCheck {

  private static final String AOT_OPTION = "-XX:AOTCache=";
  private static final long MIB = 1 << 20;

  /** Two for each request under way, and some. */
  private static final long FEW_FILES = 4096;

  /** Requests may have 32 MiB, and several at once. */
  private static final long SMALL_HEAP = 128 * MIB;

  private RuntimeCheck() {}

  static List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "java",
            Runtime.version() + ", " + System.getProperty("java.vendor", "") + ", in "
                + System.getProperty("java.home", "")));
    findings.add(aot(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      findings.add(memory(Runtime.getRuntime().maxMemory(), system.getTotalMemorySize()));
      if (system instanceof UnixOperatingSystemMXBean unix) {
        findings.add(files(unix.getMaxFileDescriptorCount()));
      }
    }
    return findings;
  }

  static Finding aot(List<String> arguments) {
    String cache =
        arguments.stream()
            .filter(each -> each.startsWith(AOT_OPTION))
            .map(each -> each.substring(AOT_OPTION.length()))
            .reduce("", (first, last) -> last);
    if (cache.isEmpty()) {
      return Finding.ok("aot", "no AOT cache in use: starts take longer");
    }
    return Files.isReadable(Path.of(cache))
        ? Finding.ok("aot", "AOT cache " + cache)
        : Finding.warning("aot", cache + ": no such AOT cache", "Make it anew, or leave it out.");
  }

  static Finding memory(long heap, long machine) {
    String what =
        heap / MIB + " MiB of heap, " + machine / MIB + " MiB in the machine or container";
    if (heap < SMALL_HEAP) {
      return Finding.warning("memory", what, "Give it more: -Xmx256m");
    }
    return machine < 2 * heap // as much again for buffers outside of it
        ? Finding.warning("memory", what, "Give the container more, or the heap less: -Xmx")
        : Finding.ok("memory", what);
  }

  static Finding files(long most) {
    String what = most + " open files at most";
    return most < FEW_FILES
        ? Finding.warning("files", what, "Allow more: ulimit -n 65536")
        : Finding.ok("files", what);
  }
}
