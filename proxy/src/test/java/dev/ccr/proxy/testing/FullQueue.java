package dev.ccr.proxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port of this machine whose queue is full: the kernel does not answer whoever comes next. */
public final class FullQueue implements Closeable {

  /** More than any kernel adds to the queue that is asked for. */
  private static final int MOST = 16;

  private static final int CONNECT_MILLIS = 50;

  private final ServerSocket listener;
  private final List<Socket> waiting = new ArrayList<>();

  public FullQueue() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    try {
      for (int i = 0; i < MOST; i++) {
        Socket socket = new Socket();
        waiting.add(socket);
        socket.connect(listener.getLocalSocketAddress(), CONNECT_MILLIS);
      }
    } catch (SocketTimeoutException full) {
      return;
    }
    close();
    throw new IllegalStateException("a queue that never fills");
  }

  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : waiting) {
      socket.close();
    }
    listener.close();
  }
}
