package dev.ccr.proxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;

/** Reads what comes over a plain connection, as far as a test needs it. */
public final class Sockets {

  private Sockets() {}

  /**
   * What has come once it ends with a text. Reads nothing behind it; waits as long as the socket
   * does.
   *
   * @throws AssertionError if the connection ends before
   */
  public static String readUntil(Socket socket, String end) throws IOException {
    return readUntil(socket.getInputStream(), end);
  }

  /** The same of a stream, which should not be slow at single bytes. */
  public static String readUntil(InputStream in, String end) throws IOException {
    byte[] last = end.getBytes(UTF_8);
    Tail seen = new Tail();
    while (!seen.endsWith(last)) {
      int b = in.read();
      if (b < 0) {
        throw new AssertionError("ended without " + end + ", after: " + seen.toString(UTF_8));
      }
      seen.write(b);
    }
    return seen.toString(UTF_8);
  }

  /** Skips lines up to the one that holds a text; an answer that ends before is a failure. */
  public static void skipTo(BufferedReader lines, String text) throws IOException {
    for (String line; (line = lines.readLine()) != null; ) {
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("the answer ended without " + text);
  }

  /**
   * Reads until the other side has closed or reset the connection.
   *
   * @return the bytes that came
   * @throws IOException if it does neither as long as the socket waits
   */
  public static long skipAll(Socket socket) throws IOException {
    long count = 0;
    byte[] bytes = new byte[64 << 10];
    try {
      for (int read; (read = socket.getInputStream().read(bytes)) >= 0; ) {
        count += read;
      }
    } catch (SocketException reset) { // as good an end
      if (!"Connection reset".equals(reset.getMessage())) {
        throw reset;
      }
    }
    return count;
  }

  /** All that still comes, to the end of the connection. */
  public static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  private static final class Tail extends ByteArrayOutputStream {

    boolean endsWith(byte[] end) {
      int from = count - end.length;
      for (int i = 0; i < end.length; i++) {
        if (from < 0 || buf[from + i] != end[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
