package dev.ccr.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A command that runs as a person runs it: a process of its own, on a terminal. */
final class Terminal {

  private static final Path SCRIPT = Path.of("/usr/bin/script");

  private Terminal() {}

  /** Whether this machine can pretend to be one. */
  static boolean isThere() {
    return Files.isExecutable(SCRIPT);
  }

  /**
   * Types the input, and gives what the screen then shows.
   *
   * @param env all of the process's environment
   */
  static Run type(String input, Map<String, String> env, String... args) throws Exception {
    List<String> command = Jvm.of(List.of(), "dev.ccr.cli.Main", List.of(args)).command();
    String line =
        command.stream()
            .map(each -> "'" + each.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    ProcessBuilder builder =
        new ProcessBuilder(SCRIPT.toString(), "-qec", line, "/dev/null")
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.environment().put("PATH", "/usr/bin" + File.pathSeparator + "/bin");
    builder.environment().put("TERM", "xterm");
    Process process = builder.start();
    write(input, process);
    String screen =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), screen.replace("\r\n", "\n"), "");
  }

  private static void write(String input, Process process) throws IOException {
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush(); // not closed: a terminal stays open
  }
}
