package dev.ccr.proxy.faults;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One connection of an upstream that does as it is told, byte by byte. For one thread. */
final class Wire {

  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final CountDownLatch closing;
  private final AtomicInteger resting;
  private final AtomicLong sent;
  private int requests;

  /**
   * @param socket the connection itself, below TLS
   * @param secure the same, or TLS on it
   * @param closing down when the upstream is to end
   * @param resting counts the connections that wait for their peer to go
   * @param sent counts bytes
   */
  Wire(
      Socket socket,
      Socket secure,
      CountDownLatch closing,
      AtomicInteger resting,
      AtomicLong sent)
      throws IOException {
    this.socket = socket;
    this.resting = resting;
    this.sent = sent;
    this.closing = closing;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = secure.getInputStream();
    out = secure.getOutputStream();
  }

  /** What happens on a connection. */
  interface Play {
    void on(Wire wire) throws IOException, InterruptedException;
  }

  /** Reads a request; its body, or {@code null} at the end of the connection. */
  @Nullable String request() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int b; !head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n"); ) {
      b = in.read();
      if (b < 0) {
        return null;
      }
      head.write(b);
    }
    String lines = head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    String name = "\r\ncontent-length: ";
    int at = lines.indexOf(name);
    int length =
        Integer.parseInt(lines.substring(at + name.length(), lines.indexOf("\r\n", at + 2)));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("half a request");
    }
    requests++;
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Whether more than one request has come on this connection. */
  boolean isUsedAgain() {
    return requests > 1;
  }

  /** Sends a character as a byte. */
  Wire send(String bytes) throws IOException {
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    sent.addAndGet(bytes.length());
    return this;
  }

  /** Sends a byte at a time, each after some milliseconds. */
  void drip(String bytes, long millis) throws IOException, InterruptedException {
    for (int i = 0; i < bytes.length() && !closing.await(millis, TimeUnit.MILLISECONDS); i++) {
      send(bytes.substring(i, i + 1));
    }
  }

  /** Sends something over and over, until the peer has gone. */
  void repeat(String bytes, long millis) throws IOException, InterruptedException {
    while (!closing.await(millis, TimeUnit.MILLISECONDS)) {
      send(bytes);
    }
  }

  /** Says that nothing more will come, and reads on. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
    untilGone();
  }

  /** Says nothing until the peer has gone. */
  void untilGone() throws IOException {
    resting.incrementAndGet();
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } finally {
      resting.decrementAndGet();
    }
  }

  void close() throws IOException {
    socket.close();
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
