package dev.ccr.proxy.mock;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that sees every byte of the wire. A read that waits for 20 s fails. */
final class RawClient implements AutoCloseable {
  static final String GET = "GET /any HTTP/1.1\r\nhost: mock\r\n\r\n";

  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket = new Socket();

  RawClient(MockUpstream mock) throws IOException {
    this(mock, 64 * 1024);
  }

  RawClient(MockUpstream mock, int receiveBuffer) throws IOException {
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), mock.port()), TIMEOUT_MILLIS);
  }

  /** Sends a request and gives itself, for chaining. */
  RawClient send(String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Everything up to and with the end. */
  String readUntil(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("end of stream after: " + text);
      }
      text.append((char) b);
    }
    return text.toString();
  }

  /** Everything up to the end of the connection. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Everything that comes within a tenth of a second of silence. */
  String readUntilSilence() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    socket.setSoTimeout(100);
    try {
      for (int b = read(); b >= 0; b = read()) {
        all.write(b);
      }
      throw new EOFException("end of stream after: " + all);
    } catch (SocketTimeoutException silence) {
      return all.toString(StandardCharsets.UTF_8);
    } finally {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  /** The next byte, or -1. */
  int read() throws IOException {
    return socket.getInputStream().read();
  }

  /** Takes and forgets this many bytes. */
  void skip(long count) throws IOException {
    socket.getInputStream().skipNBytes(count);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
