package dev.ccr.cli.service;

import dev.ccr.cli.terminal.ProcessEnvironment;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Starts a router that outlives the terminal and whoever started it: in a session of its own, with
 * no input, and with what it prints in a file.
 */
final class Detached {

  /** Names the router's {@link Origin} to itself. */
  static final String ORIGIN_VARIABLE = "CCR_STARTED_BY";

  /** What systemd tells a service of its own, be it the one that runs a {@code ccr code}. */
  private static final Set<String> MANAGED =
      Set.of("NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES");

  /** Of the output, what is kept of earlier starts, in bytes. */
  private static final long MAX_OUTPUT = 64 << 10;

  private final Process process;
  private final Path output;
  private final long outputStart;

  private Detached(Process process, Path output, long outputStart) {
    this.process = process;
    this.output = output;
    this.outputStart = outputStart;
  }

  /** Starts it. */
  static Detached start(
      Map<String, String> env, Origin origin, StartOptions options, Path logs)
      throws IOException, ConfigException {
    Path output = logs.resolve("start.out");
    long outputStart = Files.exists(output) ? Files.size(output) : 0;
    if (outputStart > MAX_OUTPUT) {
      Files.delete(output); // a router that still writes to it keeps the old file
      outputStart = 0;
    }
    ProcessBuilder builder = new ProcessBuilder(command(options));
    ProcessEnvironment.set(builder, env);
    builder.environment().keySet().removeAll(MANAGED);
    builder.environment().put(ORIGIN_VARIABLE, origin.name());
    // Relative paths are the user's; the router itself must not keep the user's folder busy.
    builder
        .environment()
        .put("CCR_CONFIG_PATH", ConfigReader.defaultPath(env).toAbsolutePath().toString());
    builder.directory(logs.toFile());
    builder.redirectInput(nothing());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    return new Detached(builder.start(), output, outputStart);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it if it still lives. */
  void kill() {
    process.destroyForcibly();
  }

  /** What it has printed. */
  String printed() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
      file.seek(Math.min(outputStart, file.length()));
      byte[] bytes = new byte[(int) Math.min(file.length() - file.getFilePointer(), MAX_OUTPUT)];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static List<String> command(StartOptions options) {
    List<String> command = new ArrayList<>();
    // A session of its own: neither the terminal's Ctrl-C nor its end reaches it.
    setsid().ifPresent(setsid -> command.add(setsid.toString()));
    command.addAll(launcher());
    command.add("start");
    command.addAll(options.arguments());
    return command;
  }

  private static Optional<Path> setsid() {
    return Stream.of("/usr/bin/setsid", "/bin/setsid")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The program that started us; without one, a JVM like this one. */
  private static List<String> launcher() {
    String launcher = System.getProperty("ccr.launcher", "");
    return launcher.isEmpty()
        ? List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.ccr.cli.Main")
        : List.of(launcher);
  }

  private static File nothing() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }
}
