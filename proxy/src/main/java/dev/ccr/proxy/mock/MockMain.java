package dev.ccr.proxy.mock;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/** Runs a {@link MockUpstream} with the {@link Scenarios} as a process of its own. */
public final class MockMain {

  private MockMain() {}

  /**
   * Prints {@code {"port":12345}} on standard output once it listens, and ends when standard input
   * is closed, or on a signal.
   *
   * @param args the port, or nothing for any free one; then {@code journal} if requests are to be
   *     kept, for whoever asks for {@code GET /requests?WORD}
   */
  public static void main(String[] args) throws IOException {
    run(args, System.in, System.out);
  }

  /** Borrows both streams; blocks until the input ends. */
  static void run(String[] args, InputStream in, PrintStream out) throws IOException {
    int port = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    Script script = args.length > 1 ? kept(args[1]) : new Scenarios();
    try (MockUpstream mock = MockUpstream.with(script).port(port).recording(false).start()) {
      out.println("{\"port\":" + mock.port() + "}");
      out.flush();
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static Script kept(String choice) {
    if (!choice.equals("journal")) {
      throw new IllegalArgumentException("argument: " + choice + " (expected: journal)");
    }
    return new Journal(new Scenarios());
  }
}
