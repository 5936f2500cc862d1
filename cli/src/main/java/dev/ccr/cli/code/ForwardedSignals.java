package dev.ccr.cli.code;

import dev.ccr.cli.terminal.Signals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signals that are meant for the program we run: it decides what becomes of them, and this process
 * ends when that one has. A terminal sends its signals to both, so what comes from there is not
 * repeated.
 */
final class ForwardedSignals {

  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  private final boolean terminal = Signals.haveTerminal();
  private final List<String> early = new ArrayList<>(); // that came before there was a program
  private @Nullable Process target;

  private ForwardedSignals() {}

  /** From now on no such signal ends this process. */
  static ForwardedSignals install() {
    ForwardedSignals signals = new ForwardedSignals();
    for (String name : NAMES) {
      Signals.handle(name, () -> signals.received(name));
    }
    return signals;
  }

  /** Whom they are for, those too that have come already. */
  synchronized void to(Process process) {
    target = process;
    early.forEach(name -> forward(name, process));
  }

  private synchronized void received(String name) {
    if (target == null) {
      early.add(name);
    } else {
      forward(name, target);
    }
  }

  private void forward(String name, Process process) {
    if (name.equals("TERM")) {
      process.destroy();
    } else if (!terminal) {
      kill(name, process);
    }
  }

  private static void kill(String name, Process process) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start();
    } catch (IOException e) { // no such program: the next best signal
      process.destroy();
    }
  }
}
