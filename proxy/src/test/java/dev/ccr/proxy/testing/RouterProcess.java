package dev.ccr.proxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A router as a process of its own, which a test can starve; see {@link RouterMain}. */
public final class RouterProcess implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 60_000;
  private static final int END_SECONDS = 20;
  private static final String GET_METRICS =
      "GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

  private final Process process;
  private final Path errors;
  private final int port;

  private RouterProcess(Process process, Path errors) throws IOException {
    this.process = process;
    this.errors = errors;
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String line = "";
    while (!line.matches("\\d+")) { // before it there may be a log
      line = String.valueOf(out.readLine());
      if (line.equals("null")) {
        throw new AssertionError("it has not started: " + errors());
      }
    }
    port = Integer.parseInt(line);
    Thread.ofVirtual().start(() -> drain(out));
  }

  /** The program, not started yet. */
  public static ProcessBuilder program(List<String> flags, String config) {
    return Jvm.of(flags, RouterMain.class, config);
  }

  /**
   * Starts it, and waits until it listens.
   *
   * @param program as {@link #program} makes it
   * @param folder where its errors are kept
   */
  public static RouterProcess start(ProcessBuilder program, Path folder) throws IOException {
    Path errors = folder.resolve("errors");
    Process process = program.redirectError(errors.toFile()).start();
    try {
      return new RouterProcess(process, errors);
    } catch (Throwable e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static void drain(BufferedReader out) {
    try {
      out.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // it has ended
    }
  }

  public Process process() {
    return process;
  }

  public int port() {
    return port;
  }

  /** What it has written to its standard error. */
  public String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A plain connection to it. */
  public Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
    return socket;
  }

  /** What it counts. */
  public Metrics metrics() throws IOException {
    try (Socket client = connect()) {
      client
          .getOutputStream()
          .write(GET_METRICS.getBytes(UTF_8));
      return new Metrics(new String(client.getInputStream().readAllBytes(), UTF_8));
    }
  }

  /** Waits until a figure has a value; see {@link Metrics#await}. */
  public void awaitMetric(String series, double value) throws Exception {
    Metrics.await(this::metrics, series, value);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS).join();
    if (process.isAlive()) {
      process.destroyForcibly().onExit().join();
    }
  }
}
