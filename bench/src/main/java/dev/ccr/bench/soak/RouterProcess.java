package dev.ccr.bench.soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a router keeps, seen from outside: Linux's figures of its process, and its own metrics. */
final class RouterProcess {

  private final long pid;
  private final int port;
  private final int upstream;

  /** @param upstream the port of the mock */
  RouterProcess(long pid, int port, int upstream) {
    this.pid = pid;
    this.port = port;
    this.upstream = upstream;
  }

  /**
   * Its figures at one time.
   *
   * @param rss resident memory, in MB
   * @param direct Netty's direct memory, in MB
   * @param clientConnections that of this question included
   * @param upstreamConnections those to the mock, idle or not
   */
  record Figures(
      double rss,
      int threads,
      int descriptors,
      double direct,
      int inFlight,
      int clientConnections,
      int upstreamConnections) {}

  Figures now() {
    try {
      String status = Files.readString(proc("status"));
      String metrics = metrics();
      return new Figures(
          figure(status, "VmRSS:\\s+(\\d+) kB") / 1024,
          (int) figure(status, "Threads:\\s+(\\d+)"),
          descriptors(),
          figure(metrics, "ccr_buffer_used_bytes\\{area=\"direct\"} ([\\d.E+]+)") / (1 << 20),
          (int) figure(metrics, "(?m)^ccr_requests_in_flight ([\\d.]+)$"),
          (int) figure(metrics, "(?m)^ccr_client_connections ([\\d.]+)$"),
          upstreamConnections());
    } catch (IOException e) {
      throw new UncheckedIOException("the router does not answer", e);
    }
  }

  /** Its heap in MB after a full collection, as {@code jcmd} has it. */
  double liveHeap() throws IOException, InterruptedException {
    jcmd("GC.run");
    Matcher used = Pattern.compile("total \\d+K, used (\\d+)K").matcher(jcmd("GC.heap_info"));
    double kilobytes = 0;
    while (used.find()) { // of each generation
      kilobytes += Double.parseDouble(used.group(1));
    }
    if (kilobytes == 0) {
      throw new IOException("jcmd tells no heap");
    }
    return kilobytes / 1024;
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd " + command + ": " + said);
    }
    return said;
  }

  /** Established ones on 127.0.0.1 whose far end is the mock's port. */
  private int upstreamConnections() throws IOException {
    String far = String.format(Locale.ROOT, " 0100007F:%04X 01 ", upstream);
    try (Stream<String> lines = Files.lines(Path.of("/proc/net/tcp"))) {
      return (int) lines.filter(line -> line.contains(far)).count();
    }
  }

  private int descriptors() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc("fd"))) {
      for (Path each : all) {
        count += each.getNameCount() > 0 ? 1 : 0;
      }
    }
    return count;
  }

  /** On a connection of its own, which is closed: so it counts the same each time. */
  private String metrics() throws IOException {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream()
          .write(
              ("GET /metrics HTTP/1.1\r\nhost: 127.0.0.1:" + port
                      + "\r\nconnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      in.transferTo(bytes);
      return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  private static double figure(String text, String pattern) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) {
      throw new IOException("no " + pattern + " in: " + text);
    }
    return Double.parseDouble(found.group(1));
  }
}
