package dev.ccr.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Signals of the system.
 *
 * <p>The JDK has one interface to signals, {@code sun.misc.Signal}, which its module {@code
 * jdk.unsupported} keeps for want of another. It is called by reflection: the compiler takes each
 * mention of it for a warning, and a runtime without that module can then do without.
 */
public final class Signals {

  private static final Path TERMINAL = Path.of("/dev/tty");

  private Signals() {}

  /**
   * Runs {@code action} on a thread of its own at each signal of that name from now on, in place
   * of what the JVM would do.
   *
   * @param name without {@code SIG}
   * @return false where there is no such signal, or where the JVM was told to leave it alone
   *     ({@code nohup}, {@code -Xrs})
   */
  public static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object identity = new Object();
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return method.invoke(identity, arguments); // those of every object
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return true;
    } catch (ReflectiveOperationException e) { // its cause says: no such signal here
      return false;
    }
  }

  /** The device can be opened by whoever has a terminal, and no longer once that is closed. */
  public static boolean haveTerminal() {
    try (InputStream terminal = Files.newInputStream(TERMINAL)) {
      return terminal != null;
    } catch (IOException e) {
      return false;
    }
  }
}
