package dev.ccr.cli.terminal;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Colours for a terminal, and none for anything else. */
public record Style(boolean coloured) {

  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  /** The style of standard output. */
  public static Style of(Map<String, String> env) {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return of(env, isTerminal(System.console()), windows);
  }

  /**
   * The style of standard error, which Java has no word for: Linux shows what it is. Elsewhere it
   * has no colours.
   */
  public static Style ofError(Map<String, String> env) {
    return of(env, isTerminal(STANDARD_ERROR), false);
  }

  /**
   * The style for an environment.
   *
   * @param windows where only newer terminals know colours, and say so in a variable
   */
  public static Style of(Map<String, String> env, boolean terminal, boolean windows) {
    String term = env.getOrDefault("TERM", "");
    boolean known = !windows || !term.isEmpty() || env.containsKey("WT_SESSION");
    return new Style(
        terminal
            && known
            && !term.equals("dumb")
            && env.getOrDefault("NO_COLOR", "").isEmpty());
  }

  /** Some Java versions have a console only where there is a terminal, others always. */
  public static boolean isTerminal(@Nullable Console console) {
    return console != null && console.isTerminal();
  }

  /** Whether a link to an open file leads to a terminal; one to a pipe leads nowhere. */
  static boolean isTerminal(Path link) {
    try {
      String device = Files.readSymbolicLink(link).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  public String green(String text) {
    return in("32", text);
  }

  public String yellow(String text) {
    return in("33", text);
  }

  public String red(String text) {
    return in("31", text);
  }

  private String in(String colour, String text) {
    return coloured ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }
}
