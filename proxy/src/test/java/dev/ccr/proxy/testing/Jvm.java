package dev.ccr.proxy.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java programs as processes of their own, with the class path of the tests. */
public final class Jvm {

  private Jvm() {}

  /**
   * A program that is not started yet.
   *
   * @param flags of the JVM, which count more than those that all programs have
   */
  public static ProcessBuilder of(List<String> flags, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(flags);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /**
   * The same program under a limit of the system.
   *
   * @param bound what {@code ulimit} takes, like {@code -n 200}
   */
  public static ProcessBuilder limited(String bound, ProcessBuilder program) {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "ulimit " + bound + "; exec \"$@\"", "sh"));
    command.addAll(program.command());
    return program.command(command);
  }
}
