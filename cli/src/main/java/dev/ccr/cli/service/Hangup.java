package dev.ccr.cli.service;

import dev.ccr.cli.terminal.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signal SIGHUP: by it an administrator asks a server to read its configuration again. It is
 * also what a program gets whose terminal is closed; then it ends, as it would without us.
 */
final class Hangup {

  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private static final int EXIT_CODE = 128 + 1; // as the JVM's own for this signal

  private Hangup() {}

  /**
   * Runs {@code reload} at each SIGHUP from now on, where there is that signal.
   *
   * @param detached whether the end of a terminal is not the program's
   */
  static void onSignal(boolean detached, Runnable reload) {
    boolean inTerminal = !detached && Signals.haveTerminal();
    boolean handled =
        Signals.handle(
            "HUP",
            () -> {
              if (inTerminal && !Signals.haveTerminal()) {
                System.exit(EXIT_CODE);
              }
              reload.run();
            });
    if (!handled) {
      LOG.debug("SIGHUP is left alone");
    }
  }
}
