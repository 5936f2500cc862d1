package dev.ccr.cli.service;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signal SIGHUP: by it an administrator asks a server to read its configuration again. It is
 * also what a program gets whose terminal is closed; then it ends, as it would without us.
 *
 * <p>The JDK has one interface to signals, {@code sun.misc.Signal}, which its module {@code
 * jdk.unsupported} keeps for want of another. It is called by reflection: the compiler takes each
 * mention of it for a warning, and a runtime without that module can then do without.
 */
final class Hangup {

  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private static final Path TERMINAL = Path.of("/dev/tty");
  private static final int EXIT_CODE = 128 + 1; // as the JVM's own for this signal

  private Hangup() {}

  /**
   * Runs {@code reload} on a thread of its own at each SIGHUP from now on. Does nothing where there
   * is no such signal, or where the JVM was told to leave it alone ({@code nohup}, {@code -Xrs}).
   */
  static void onSignal(Runnable reload) {
    boolean inTerminal = hasTerminal();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object identity = new Object();
      Object proxy =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  method.getName().equals("handle")
                      ? received(inTerminal, reload)
                      : method.invoke(identity, arguments)); // those of every object
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
    } catch (ReflectiveOperationException e) { // its cause says: no such signal here
      LOG.debug("SIGHUP is left alone", e);
    }
  }

  private static @Nullable Object received(
      boolean inTerminal, Runnable reload) {
    if (inTerminal && !hasTerminal()) {
      System.exit(EXIT_CODE);
    }
    reload.run();
    return null;
  }

  /** The device can be opened by whoever has a terminal, and no longer once that is closed. */
  private static boolean hasTerminal() {
    try (InputStream terminal = Files.newInputStream(TERMINAL)) {
      return terminal != null;
    } catch (IOException e) {
      return false;
    }
  }
}
