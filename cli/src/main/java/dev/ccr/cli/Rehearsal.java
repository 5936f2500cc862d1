package dev.ccr.cli;

import dev.ccr.cli.log.LogChoice;
import java.util.List;

/**
 * Runs some commands one after the other in one JVM. It is no command itself: packages are made
 * with it, from a recording of the classes that commands need, and a JVM makes one recording.
 */
final class Rehearsal {

  private static final String NEXT = "--";

  private Rehearsal() {}

  /**
   * Runs them, and exits with the first code that is not that of success.
   *
   * @param args the commands' words, {@code --} between one command and the next
   */
  public static void main(String[] args) throws InterruptedException {
    LogChoice.silent();
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> words) throws InterruptedException {
    int next = words.indexOf(NEXT);
    int code = Main.run(System.getenv(), next < 0 ? words : words.subList(0, next));
    return code != 0 || next < 0 ? code : run(words.subList(next + 1, words.size()));
  }
}
