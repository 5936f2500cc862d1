package dev.ccr.cli.service;

import dev.ccr.cli.Jvm;
import dev.ccr.cli.files.StateFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A user's home with a configuration, a port of its own, and a program in place of {@code claude}
 * that says {@code claude PID} and runs until its input ends. Ends whatever it has started.
 */
final class Home implements AutoCloseable {

  static final long PATIENCE_SECONDS = 60;

  private final Path folder;
  private final int port;
  private final List<Process> started = new ArrayList<>();

  Home(Path folder) throws IOException {
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    Path config = Files.createDirectories(folder.resolve(".claude-code-router"));
    Files.writeString(
        config.resolve("config.json"),
        """
        {"PORT": %d,
         "Providers": [{"name": "box", "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
                        "api_key": "", "models": ["m"]}],
         "Router": {"default": "box,m"}}
        """
            .formatted(port));
    Path claude = folder.resolve("claude");
    Files.writeString(
        claude,
        """
        #!/bin/sh
        trap 'exit 7' TERM
        echo "claude $$ $*"
        while read -r line; do :; done
        exit 5
        """);
    Files.setPosixFilePermissions(claude, PosixFilePermissions.fromString("rwx------"));
  }

  /** Has the provider at another address, and lets what is under way take a minute to end. */
  void configure(String url) throws IOException {
    Files.writeString(
        folder.resolve(".claude-code-router/config.json"),
        """
        {"PORT": %d, "GRACE_PERIOD_MS": 60000,
         "Providers": [{"name": "box", "api_base_url": "%s", "api_key": "", "models": ["m"]}],
         "Router": {"default": "box,m"}}
        """
            .formatted(port, url));
  }

  int port() {
    return port;
  }

  Map<String, String> env() {
    return Map.of(
        "HOME", folder.toString(),
        "CLAUDE_PATH", folder.resolve("claude").toString(),
        "PATH", "/usr/bin:/bin");
  }

  RunFolder run() {
    return RunFolder.of(StateFolder.of(env()));
  }

  Path run(String name) {
    return folder.resolve(".claude-code-router/run").resolve(name);
  }

  Path output() {
    return folder.resolve(".claude-code-router/logs/start.out");
  }

  /** The router that runs; {@code null} if none does. */
  @Nullable ServiceInfo service() throws IOException {
    return ControlClient.status(run().socket(port), TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
  }

  /** Whether a router answers there as it is well. */
  boolean isHealthy() {
    return HealthProbe.isHealthy("http://127.0.0.1:" + port);
  }

  /** Replaces the configuration by another text. */
  void write(String config) throws IOException {
    Files.writeString(folder.resolve(".claude-code-router/config.json"), config);
  }

  /** The command line as a process. */
  Client ccr(String... arguments) throws IOException {
    return ccr(Map.of(), arguments);
  }

  /** The same, with more in its environment. */
  Client ccr(Map<String, String> more, String... arguments) throws IOException {
    ProcessBuilder builder =
        Jvm.of(List.of(), "dev.ccr.cli.Main", List.of(arguments)).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(env());
    builder.environment().putAll(more);
    Process process = builder.start();
    started.add(process);
    return new Client(process);
  }

  /** Waits for something to be so. */
  static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE_SECONDS + " s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  /** A {@code ccr} that runs. */
  record Client(Process process, BufferedReader out) {

    Client(Process process) {
      this(
          process,
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
    }

    /** Waits until {@code claude} runs; its process. */
    ProcessHandle claude() throws IOException {
      String line = String.valueOf(out.readLine());
      if (!line.startsWith("claude ")) {
        throw new AssertionError("not the program's line: " + line + "\n" + rest());
      }
      return ProcessHandle.of(Long.parseLong(line.split(" ", -1)[1])).orElseThrow();
    }

    /** What it still prints. */
    String rest() throws IOException {
      StringBuilder text = new StringBuilder();
      for (String line; (line = out.readLine()) != null; ) {
        text.append(line).append('\n');
      }
      return text.toString();
    }

    /** Ends its input, and so {@code claude}; its exit code. */
    int end() throws Exception {
      process.getOutputStream().close();
      return code();
    }

    int code() throws Exception {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end");
      }
      return process.exitValue();
    }

    /** Kills it alone; its input stays open. */
    void kill() throws Exception {
      process.toHandle().destroyForcibly();
      code();
    }
  }

  @Override
  public void close() throws IOException {
    for (Process process : started) {
      process.destroyForcibly();
    }
    for (ServiceInfo service; (service = service()) != null; ) {
      service.process().ifPresent(ProcessHandle::destroyForcibly);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
