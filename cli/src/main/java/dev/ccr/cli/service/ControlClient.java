package dev.ccr.cli.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to a service's socket, see {@link Control}. One thread reads; any may close it. */
final class ControlClient implements AutoCloseable {

  private static final int MAX_ANSWER = 64 << 10; // bytes

  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer unread = ByteBuffer.allocate(MAX_ANSWER).flip();

  private ControlClient(SocketChannel channel, Selector selector) {
    this.channel = channel;
    this.selector = selector;
  }

  /** Connects; {@code null} if no process listens there. */
  static @Nullable ControlClient connect(Path socket) throws IOException {
    if (!Files.exists(socket)) {
      return null;
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.configureBlocking(false);
      if (!channel.connect(UnixDomainSocketAddress.of(socket))) { // others wait already
        throw new SocketTimeoutException("the router does not answer");
      }
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      return new ControlClient(channel, selector);
    } catch (SocketTimeoutException e) {
      channel.close();
      throw e;
    } catch (ConnectException e) { // refused: the one who listened has died
      channel.close();
      return null;
    } catch (SocketException e) {
      channel.close();
      if (!Files.exists(socket)) { // it has just ended
        return null;
      }
      throw new IOException(socket + ": " + e.getMessage(), e);
    }
  }

  /** What the service of a port says of itself; {@code null} if there is none. */
  static @Nullable ServiceInfo status(Path socket, long patienceMillis) throws IOException {
    return ask(socket, Control.STATUS, patienceMillis);
  }

  /** Gives a command whose answer is what the service says of itself. */
  static @Nullable ServiceInfo ask(Path socket, String command, long patienceMillis)
      throws IOException {
    try (ControlClient client = connect(socket)) {
      if (client == null) {
        return null;
      }
      client.send(command);
      String answer = client.readAll(patienceMillis);
      return answer.isEmpty() ? null : ServiceInfo.read(new StringReader(answer));
    }
  }

  /** Sends a line. */
  void send(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
    while (bytes.hasRemaining()) { // a line fits into any socket's buffer
      channel.write(bytes);
    }
  }

  /**
   * Waits for a line.
   *
   * @return {@code null} if the connection ends without one
   * @throws SocketTimeoutException if none has come in time
   */
  @Nullable String readLine(long patienceMillis) throws IOException {
    StringBuilder line = new StringBuilder();
    long deadline = deadline(patienceMillis);
    do {
      while (unread.hasRemaining()) {
        char next = (char) unread.get();
        if (next == '\n') {
          return line.toString();
        }
        line.append(next);
      }
    } while (fill(deadline));
    return null;
  }

  /** Waits until the other side closes, whatever it says until then. */
  void awaitEnd(long patienceMillis) throws IOException {
    readAll(patienceMillis);
  }

  private String readAll(long patienceMillis) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    long deadline = deadline(patienceMillis);
    do {
      text.write(unread.array(), unread.position(), unread.remaining());
    } while (fill(deadline));
    return text.toString(UTF_8);
  }

  /** Reads what there is; false at the end. */
  private boolean fill(long deadline) throws IOException {
    while (true) {
      unread.clear();
      int read;
      try {
        read = channel.read(unread);
      } catch (ClosedChannelException e) { // by another thread
        read = -1;
      } catch (SocketException e) { // reset: it died before it had read what we sent
        read = -1;
      }
      unread.flip();
      if (read != 0) {
        return read > 0;
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("the router does not answer");
      }
      try {
        selector.select(left);
        selector.selectedKeys().clear();
      } catch (ClosedSelectorException e) { // by another thread
        return false;
      }
    }
  }

  private static long deadline(long patienceMillis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
