package dev.ccr.cli.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service's end of its socket, see {@link Control}: a thread accepts, and a virtual one waits
 * on each connection. None of them is an event loop.
 */
final class ControlServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  private static final int BACKLOG = 128;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path path;
  private final ServerSocketChannel listener;
  private final Leases leases;
  private final Supplier<ServiceInfo> status;
  private final Consumer<String> end;

  private ControlServer(
      Path path,
      ServerSocketChannel listener,
      Leases leases,
      Supplier<ServiceInfo> status,
      Consumer<String> end) {
    this.path = path;
    this.listener = listener;
    this.leases = leases;
    this.status = status;
    this.end = end;
  }

  /**
   * Listens. The caller has the service's lock: a socket that is there is a dead one's.
   *
   * @param end ends the service; it is given the command that asked for it
   */
  static ControlServer listen(
      Path path, Leases leases, Supplier<ServiceInfo> status, Consumer<String> end)
      throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(UnixDomainSocketAddress.of(path), BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw new IOException(path + ": " + e.getMessage(), e);
    }
    ControlServer server = new ControlServer(path, listener, leases, status, end);
    Thread.ofPlatform().daemon().name("control").start(server::accept);
    return server;
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel connection = listener.accept();
        Thread.ofVirtual().name("control").start(() -> serve(connection));
      } catch (IOException e) {
        if (listener.isOpen()) {
          LOG.warn("control socket: {}", e.getMessage());
          LockSupport.parkNanos(RETRY_NANOS); // too many open files, as a rule
        }
      }
    }
  }

  private void serve(SocketChannel connection) {
    try {
      BufferedReader in = new BufferedReader(Channels.newReader(connection, UTF_8));
      String command = in.readLine();
      switch (command == null ? "" : command) {
        case Control.STATUS -> answer(connection, status.get().text());
        case Control.KEEP -> {
          answer(connection, leases.keep() ? status.get().text() : "");
        }
        case Control.STOP, Control.STOP_NOW, Control.RESTART -> {
          write(connection, Control.ENDING); // left open: its end tells that the process has ended
          end.accept(String.valueOf(command));
        }
        case Control.LEASE -> lease(connection, in);
        default -> connection.close();
      }
    } catch (IOException e) { // a client that has gone
      close(connection);
    }
  }

  private void lease(SocketChannel connection, BufferedReader in) throws IOException {
    Leases.Lease lease = line -> tell(connection, line);
    if (!leases.take(lease)) {
      answer(connection, Control.ENDING + "\n");
      return;
    }
    Optional<ProcessHandle> child = Optional.empty();
    try {
      write(connection, Control.LEASED);
      for (String line; (line = in.readLine()) != null; ) {
        if (line.startsWith(Control.CHILD)) {
          child = process(line.substring(Control.CHILD.length()));
          child.ifPresent(process -> leases.usedBy(lease, process.pid()));
        }
      }
    } catch (IOException e) {
      LOG.debug("a lease broke: {}", e.getMessage());
    } finally {
      close(connection);
      child.ifPresent(process -> process.onExit().join()); // it may outlive whoever began it
      leases.giveBack(lease);
    }
  }

  private static Optional<ProcessHandle> process(String pid) {
    try {
      return ProcessHandle.of(Long.parseLong(pid.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static void tell(SocketChannel connection, String line) {
    try {
      write(connection, line);
    } catch (IOException e) {
      LOG.debug("a holder has gone: {}", e.getMessage());
    }
  }

  private static void answer(SocketChannel connection, String text) throws IOException {
    try (connection) {
      writeAll(connection, text);
    }
  }

  private static void write(SocketChannel connection, String line) throws IOException {
    writeAll(connection, line + "\n");
  }

  private static void writeAll(SocketChannel connection, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }

  private static void close(SocketChannel connection) {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("closing: {}", e.getMessage());
    }
  }

  /** Stops listening. Connections that wait for the end of the process are left to that. */
  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(path);
  }
}
