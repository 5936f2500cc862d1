package dev.ccr.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java programs as processes of their own, with the class path of the tests. */
public final class Jvm {

  private Jvm() {}

  /** A program that was not started yet, without the user's {@code CCR_} variables. */
  public static ProcessBuilder of(List<String> flags, String main, List<String> arguments) {
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
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            main));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("CCR_"));
    return builder;
  }
}
