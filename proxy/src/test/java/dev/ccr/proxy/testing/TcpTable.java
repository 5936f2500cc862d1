package dev.ccr.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What the kernel knows of TCP connections over IPv4; Linux only. For any thread. */
public final class TcpTable {

  private static final Path FILE = Path.of("/proc/net/tcp");
  private static final String IPV6 = "/proc/net/tcp6"; // Java's own sockets, as a rule

  /** States as the kernel numbers them. */
  public static final String ESTABLISHED = "01";

  public static final String SYN_SENT = "02";

  private TcpTable() {}

  /** Whether there is such a table here. */
  public static boolean exists() {
    return Files.exists(FILE);
  }

  /** How many connections to a port are in a state, seen from whoever has made them. */
  public static long connectionsTo(int port, String state) {
    return connections(port, 2, state).count();
  }

  /**
   * When the kernel will ask the peers of a port's own connections whether they are still there, in
   * hundredths of a second; nothing of those that it will not ask.
   */
  public static List<Long> questionsDue(int port) {
    return connections(port, 1, ESTABLISHED)
        .map(row -> row[5].split(":", -1))
        .filter(timer -> timer[0].equals("02")) // not one of retransmission
        .map(timer -> Long.parseLong(timer[1], 16))
        .toList();
  }

  /** @param side 1 for the connection's own address, 2 for the other's */
  private static Stream<String[]> connections(int port, int side, String state) {
    String address = ":%04X".formatted(port);
    return Stream.of(FILE, Path.of(IPV6))
        .flatMap(TcpTable::rows)
        .map(row -> row.strip().split("\\s+", -1))
        .filter(row -> row.length > 5 && row[side].endsWith(address) && row[3].equals(state));
  }

  /** Waits, up to 5 s, until there are that many. */
  public static void await(int port, String state, long count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (connectionsTo(port, state) != count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            connectionsTo(port, state) + " connections in state " + state + ", not " + count);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private static Stream<String> rows(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
