package dev.ccr.proxy.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/**
 * A forward proxy on 127.0.0.1 that makes tunnels to one port of this machine, whatever host it is
 * asked for, and keeps what it has seen. For one test.
 */
public final class ConnectProxy implements AutoCloseable {

  private static final String TUNNEL = "HTTP/1.1 200 Connection established\r\n\r\n";

  private final ServerSocket listener;
  private final int target;
  private final String answer;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  private ConnectProxy(ServerSocket listener, int target, String answer) {
    this.listener = listener;
    this.target = target;
    this.answer = answer;
    Thread.ofVirtual().start(this::accept);
  }

  /** A proxy that makes tunnels to a port. */
  public static ConnectProxy to(int target) {
    return start(ServerSocketFactory.getDefault(), target, TUNNEL);
  }

  /** A proxy that is spoken to through what a factory makes. */
  public static ConnectProxy to(int target, ServerSocketFactory sockets) {
    return start(sockets, target, TUNNEL);
  }

  /**
   * A proxy that answers every request with these bytes. With none it says nothing; if they end
   * with NUL it closes the connection behind what stands in front of it.
   */
  public static ConnectProxy thatSays(String answer) {
    return start(ServerSocketFactory.getDefault(), 0, answer);
  }

  private static ConnectProxy start(ServerSocketFactory sockets, int target, String answer) {
    try {
      ServerSocket listener =
          sockets.createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
      return new ConnectProxy(listener, target, answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The heads of the requests so far, without the empty line. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  /** All that clients have said so far, heads included, as Latin-1. */
  public String seen() {
    synchronized (seen) {
      return seen.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      heads.add(head(in));
      int end = answer.indexOf('\0');
      out.write((end < 0 ? answer : answer.substring(0, end)).getBytes(StandardCharsets.UTF_8));
      out.flush();
      if (end >= 0) {
        return;
      }
      if (target == 0) {
        copy(in, OutputStream.nullOutputStream());
        return;
      }
      try (Socket upstream = new Socket(InetAddress.ofLiteral("127.0.0.1"), target)) {
        sockets.add(upstream);
        Thread.ofVirtual().start(() -> answers(upstream, client));
        copy(in, upstream.getOutputStream());
      }
    } catch (IOException e) {
      // whoever looks at the other end sees it
    }
  }

  private static void answers(Socket upstream, Socket client) {
    try (client) {
      upstream.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // likewise
    }
  }

  private String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no whole head");
      }
      head.append((char) b);
    }
    keep(head.toString().getBytes(StandardCharsets.ISO_8859_1), head.length());
    return head.substring(0, head.length() - 4);
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n; (n = in.read(buffer)) >= 0; ) {
      keep(buffer, n);
      out.write(buffer, 0, n);
    }
  }

  private void keep(byte[] bytes, int length) {
    synchronized (seen) {
      seen.write(bytes, 0, length);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
