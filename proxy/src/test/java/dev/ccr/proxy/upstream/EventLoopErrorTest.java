package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An {@code Error} on an event loop. Netty catches what handlers and tasks throw and logs it, so
 * that only a log that fails lets one out: as in a process without file descriptors left, where
 * formatting the first date cannot load its time zones.
 */
final class EventLoopErrorTest {

  private static final int PATIENCE_MILLIS = 20_000;

  private final List<Logger> loggers =
      List.of(Logger.getLogger("io.netty.channel"), Logger.getLogger("io.netty.util.concurrent"));

  private final BrokenLog broken = new BrokenLog();

  @BeforeEach
  void breakTheLog() {
    loggers.forEach(logger -> logger.addHandler(broken));
  }

  @AfterEach
  void repairTheLog() {
    loggers.forEach(logger -> logger.removeHandler(broken));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anErrorWhileAChannelIsReadLeavesTheOthersOfItsLoopServed(Transport transport)
      throws Exception {
    EventLoops loops = new EventLoops(transport);
    try {
      EventLoop loop = loops.next();
      InetSocketAddress address = echo(loop, transport);
      try (Socket before = connect(address);
          Socket faulty = connect(address)) {
        assertEquals('a', echoed(before, 'a'));
        broken.breakFor(loop);
        faulty.getOutputStream().write('!');
        broken.awaitErrors(2); // of the handler's exception, and of the one that telling it made
        assertEquals('b', echoed(before, 'b'), "a channel of before");
        try (Socket after = connect(address)) {
          assertEquals('c', echoed(after, 'c'), "a channel of after");
        }
      }
    } finally {
      end(loops);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anErrorOfATaskLeavesTheLoopServing(Transport transport) throws Exception {
    EventLoops loops = new EventLoops(transport);
    try {
      EventLoop loop = loops.next();
      InetSocketAddress address = echo(loop, transport);
      broken.breakFor(loop);
      loop.execute(
          () -> {
            throw new IllegalStateException("a task's fault");
          });
      broken.awaitErrors(1);
      assertEquals("ran", loop.submit(() -> "ran").get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
      try (Socket after = connect(address)) {
        assertEquals('c', echoed(after, 'c'));
      }
    } finally {
      end(loops);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anErrorOfTheLastTasksLeavesNoChannelOpen(Transport transport) throws Exception {
    EventLoops loops = new EventLoops(transport);
    EventLoop loop = loops.next();
    InetSocketAddress address = echo(loop, transport);
    try (Socket client = connect(address)) {
      assertEquals('a', echoed(client, 'a'));
      broken.breakFor(loop);
      AtomicInteger ran = new AtomicInteger();
      loop.execute(
          () -> {
            loops.shutdownGracefully(0, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            loop.execute(
                () -> {
                  throw new IllegalStateException("a task's fault");
                });
            loop.execute(ran::incrementAndGet);
          });
      assertTrue(loops.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
      assertEquals(1, ran.get(), "the task behind the one that failed");
      assertEquals(-1, client.getInputStream().read());
      broken.awaitErrors(1);
    }
  }

  private static void end(EventLoops loops) throws InterruptedException {
    loops.shutdownGracefully(0, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    assertTrue(loops.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
  }

  private static InetSocketAddress echo(EventLoop loop, Transport transport) throws Exception {
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(transport.serverChannel())
            .childHandler(new Echo())
            .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
            .sync()
            .channel();
    return (InetSocketAddress) server.localAddress();
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(address);
    return socket;
  }

  private static int echoed(Socket socket, int sent) throws IOException {
    socket.getOutputStream().write(sent);
    return socket.getInputStream().read();
  }

  /** Sends back what comes, and fails at an exclamation mark. */
  @Sharable
  private static final class Echo extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ByteBuf bytes = (ByteBuf) msg;
      if (bytes.getByte(bytes.readerIndex()) == '!') {
        bytes.release();
        throw new IllegalStateException("a handler's fault");
      }
      ctx.writeAndFlush(bytes);
    }
  }

  /** A log that one thread cannot write to. */
  private static final class BrokenLog extends Handler {

    private final AtomicInteger errors = new AtomicInteger();
    private volatile Thread thread = new Thread(() -> {});

    void breakFor(EventLoop loop) throws Exception {
      thread = loop.submit(Thread::currentThread).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    synchronized void awaitErrors(int count) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
      while (errors.get() < count) {
        long left = end - System.nanoTime();
        assertTrue(left > 0, () -> errors.get() + " errors");
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }

    @Override
    public void publish(LogRecord record) {
      if (Thread.currentThread() == thread) {
        synchronized (this) {
          errors.incrementAndGet();
          notifyAll();
        }
        throw new NoClassDefFoundError("Could not initialize class of time zones");
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
