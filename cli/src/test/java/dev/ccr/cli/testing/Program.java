package dev.ccr.cli.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A program of this machine that may or may not be installed. */
public final class Program {

  private Program() {}

  /** Whether it is installed. */
  public static boolean isThere(String name) throws Exception {
    return new ProcessBuilder("sh", "-c", "command -v " + name).start().waitFor() == 0;
  }

  /** What it prints, errors among it, when it is given this on standard input. */
  public static String run(String input, String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
