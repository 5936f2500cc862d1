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
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

  /** What is commanded over the socket. For any thread. */
  interface Service {
    /** What it says of itself now. */
    ServiceInfo status();

    /** Ends it; given the command that asked for it. */
    void end(String command);

    /** Lets another router come beside it; what that one is told. */
    String share();

    /** Gives the lock of the port up; false if the service is ending. */
    boolean letGo();

    /** Goes on alone, with the lock, as nobody has taken over what was shared. */
    void resume();
  }

  private final Path path;
  private final ServerSocketChannel listener;
  private final Leases leases;
  private final Service service;

  private ControlServer(
      Path path, ServerSocketChannel listener, Leases leases, Service service) {
    this.path = path;
    this.listener = listener;
    this.leases = leases;
    this.service = service;
  }

  /**
   * Listens. The caller has the service's lock: a socket that is there is a dead one's.
   *
   * @throws IOException if that cannot be
   */
  static ControlServer listen(Path path, Leases leases, Service service) throws IOException {
    Files.deleteIfExists(path);
    return new ControlServer(path, bind(path), leases, service).start();
  }

  /**
   * Listens in the place of one that still does, for another process or for this one: whoever
   * connects meanwhile finds either of them. The caller has the service's lock.
   *
   * @param fresh a path for the socket until it listens
   * @throws IOException if that cannot be
   */
  static ControlServer replace(Path path, Path fresh, Leases leases, Service service)
      throws IOException {
    Files.deleteIfExists(fresh);
    ServerSocketChannel listener = bind(fresh);
    boolean moved = false;
    try {
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      moved = true;
    } finally {
      if (!moved) {
        listener.close();
      }
    }
    return new ControlServer(path, listener, leases, service).start();
  }

  private static ServerSocketChannel bind(Path path) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return listener.bind(UnixDomainSocketAddress.of(path), BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private ControlServer start() {
    Thread.ofPlatform().daemon().name("control").start(this::accept);
    return this;
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
        case Control.STATUS -> answer(connection, service.status().text());
        case Control.KEEP -> {
          answer(connection, leases.keep() ? service.status().text() : "");
        }
        case Control.STOP, Control.STOP_NOW, Control.RESTART -> {
          write(connection, Control.ENDING); // left open: its end tells that the process has ended
          service.end(String.valueOf(command));
        }
        case Control.SHARE -> share(connection, in);
        case Control.LEASE -> lease(connection, in);
        default -> connection.close();
      }
    } catch (IOException e) { // a client that has gone
      close(connection);
    }
  }

  /** Another router takes over, or dies on the way. */
  private void share(SocketChannel connection, BufferedReader in) throws IOException {
    String answer = service.share();
    if (!answer.equals(Control.SHARED)) {
      answer(connection, answer + "\n");
      return;
    }
    boolean taken = false;
    try {
      write(connection, answer);
      if (Control.HAND_OVER.equals(in.readLine())) {
        boolean yours = service.letGo();
        write(connection, yours ? Control.YOURS : Control.ENDING);
        taken = yours && Control.TAKEN.equals(in.readLine());
      }
    } finally {
      if (!taken) {
        service.resume();
        close(connection);
      }
    }
    if (taken) {
      service.end(Control.RESTART); // the connection is left open, as at that command
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

  /** Stops listening where another one listens now. */
  void leave() throws IOException {
    listener.close();
  }

  /** Stops listening. Connections that wait for the end of the process are left to that. */
  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(path);
  }
}
