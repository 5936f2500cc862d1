package dev.ccr.cli.service;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The router that this one takes over from, over a connection to its socket, see {@link Control}.
 * Until this one has said that all is taken, the end of the connection, as by a death, leaves the
 * other one as it was. For one thread.
 */
final class Predecessor implements AutoCloseable {

  /** Names the port of the router to take over from, to the router that {@code restart} starts. */
  static final String PORT_VARIABLE = "CCR_BESIDE";

  private static final long ANSWER_MILLIS = 10_000;

  private final int port;
  private final ControlClient connection;

  private Predecessor(int port, ControlClient connection) {
    this.port = port;
    this.connection = connection;
  }

  /**
   * Asks the router that the environment names to let this one beside it.
   *
   * @return {@code null} if it names none
   * @throws IOException if that router does not
   */
  static @Nullable Predecessor of(Map<String, String> env, RunFolder folder) throws IOException {
    String port = env.getOrDefault(PORT_VARIABLE, "");
    return port.matches("[1-9]\\d{0,4}") ? ask(Integer.parseInt(port), folder) : null;
  }

  private static Predecessor ask(int port, RunFolder folder) throws IOException {
    ControlClient connection = ControlClient.connect(folder.socket(port));
    if (connection == null) {
      throw gone(port, "has gone");
    }
    boolean shared = false;
    try {
      connection.send(Control.SHARE);
      String answer = connection.readLine(ANSWER_MILLIS);
      shared = Control.SHARED.equals(answer);
      if (!shared) {
        throw gone(port, answer == null ? "has gone" : "answers: " + answer);
      }
      return new Predecessor(port, connection);
    } finally {
      if (!shared) {
        connection.close();
      }
    }
  }

  private static IOException gone(int port, String what) {
    return new IOException(
        "port " + port + ": the router " + what + " (expected: one that shares its port)");
  }

  /** The port that it shares. */
  int port() {
    return port;
  }

  /**
   * Says that this router answers clients; then the lock is free. So it is if the other one has
   * died.
   *
   * @throws IOException if the other one ends by itself, since somebody wants it to
   */
  void askForLock() throws IOException {
    send(Control.HAND_OVER);
    if (Control.ENDING.equals(connection.readLine(ANSWER_MILLIS))) {
      throw gone(port, "is ending");
    }
  }

  /** Says that the lock and the socket are taken: the other one then ends. */
  void taken() {
    send(Control.TAKEN);
  }

  private void send(String line) {
    try {
      connection.send(line);
    } catch (IOException e) {
      // It has died: what was its own is free then.
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
