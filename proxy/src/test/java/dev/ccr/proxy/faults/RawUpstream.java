package dev.ccr.proxy.faults;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An upstream on 127.0.0.1 that plays a conversation on each connection. Plain blocking sockets:
 * what Netty would put right, or would not do, is what is wanted. Closing it breaks all connections.
 */
final class RawUpstream implements Closeable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_MILLIS = 5;

  /** More than the heads of some answers, and less than sockets take. */
  private static final long STALLED_BYTES = 65_536;

  private final ServerSocket listener;
  private final Wire.Play play;
  private final @Nullable SSLContext tls;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger resting = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<@Nullable RuntimeException> bug = new AtomicReference<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** @param tls null for none */
  RawUpstream(Wire.Play play, @Nullable SSLContext tls) throws IOException {
    this.play = play;
    this.tls = tls;
    listener = new ServerSocket(0, 64, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  String origin() {
    return (tls == null ? "http" : "https") + "://127.0.0.1:" + listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException | RuntimeException closed) {
      // the end
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Socket secure = tls == null ? socket : secure(socket, tls);
      play.on(new Wire(socket, secure, closing, resting, sent));
    } catch (IOException | InterruptedException gone) {
      // the peer has broken the connection, which tests look at from the other side
    } catch (RuntimeException e) {
      bug.compareAndSet(null, e);
    } finally {
      open.remove(socket);
    }
  }

  private static Socket secure(Socket socket, SSLContext tls) throws IOException {
    SSLSocket secure =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(socket, "127.0.0.1", socket.getPort(), false);
    secure.setUseClientMode(false);
    secure.startHandshake();
    return secure;
  }

  /** Fails if a conversation was not played as it was meant. */
  void check() {
    RuntimeException thrown = bug.get();
    if (thrown != null) {
      throw new AssertionError("the upstream itself is wrong", thrown);
    }
  }

  /** Waits until no more than this many connections are open. */
  void awaitConnections(int most) throws InterruptedException {
    await(
        () -> open.size() <= most,
        () -> open.size() + " connections (expected: <= " + most + ")");
  }

  /** Waits until this many connections wait for their peer to go. */
  void awaitResting(int count) throws InterruptedException {
    await(() -> resting.get() == count, () -> resting + " at rest (expected: " + count + ")");
  }

  /** Waits until what is sent is not read any more: nothing leaves for a moment. */
  void awaitStalled() throws InterruptedException {
    AtomicLong before = new AtomicLong(-1);
    await(
        () -> before.getAndSet(sent.get()) == sent.get() && sent.get() > STALLED_BYTES,
        () -> sent + " bytes and more are read");
  }

  private void await(BooleanSupplier condition, Supplier<String> failure)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(failure.get());
      }
      closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
