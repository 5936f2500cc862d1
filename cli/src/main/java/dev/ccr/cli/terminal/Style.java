package dev.ccr.cli.terminal;

import java.io.Console;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Colours for a terminal, and none for anything else. */
public record Style(boolean coloured) {

  /** The style of standard output. */
  public static Style of(Map<String, String> env) {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return of(env, isTerminal(System.console()), windows);
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
