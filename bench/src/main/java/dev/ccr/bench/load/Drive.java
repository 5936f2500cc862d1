package dev.ccr.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Connections that ask for the same again and again, and compare every answer to its end. All of it
 * is on one event loop; methods are for other threads, and wait for that loop, a minute at most.
 */
final class Drive {

  /** When a connection asks again. */
  enum Again {
    /** At once: a fixed number of requests is under way. */
    AT_ONCE,
    /** Never; it is closed. */
    NEVER,
    /** Never; it idles, open. */
    IDLE,
    /** When told. */
    WHEN_TOLD
  }

  /**
   * What has happened.
   *
   * @param bytes of bodies, all compared and right
   * @param answers that were right to their end
   * @param active answers that have begun, and are not over
   * @param faults what was wrong; at most a few are kept
   */
  record Counts(long bytes, long answers, int active, List<String> faults) {}

  static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final int PATIENCE_SECONDS = 60;
  private static final int READ_BYTES = 32_768;
  private static final int FAULTS_KEPT = 5;
  private static final int CONNECT_MILLIS = 20_000;

  private final EventLoop loop;
  private final int port;
  private final Template template;
  private final ByteBuf request;
  private final Again again;
  private final List<Asker> askers = new ArrayList<>();
  private final Histogram delays = new Histogram(HIGHEST_NANOS, 3);
  private final List<String> faults = new ArrayList<>();
  private int unopened;
  private int open;
  private int active;
  private long bytes;
  private long answers;
  private boolean ending;
  private int turn;

  /**
   * Prepares it.
   *
   * @param port on 127.0.0.1
   * @param request head and body
   * @param template what the body of each answer must be
   */
  Drive(EventLoop loop, int port, byte[] request, Template template, Again again) {
    this.loop = loop;
    this.port = port;
    this.template = template;
    this.request =
        Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(request.length).writeBytes(request));
    this.again = again;
  }

  /** Opens connections, each of which asks at once, evenly over a time. */
  void open(int count, long nanos) {
    loop.execute(
        () -> {
          for (int i = 0; i < count; i++) {
            loop.schedule(this::connect, nanos / count * i, TimeUnit.NANOSECONDS);
          }
        });
  }

  /** Opens connections, each of which asks at once, so many of them waiting for an answer. */
  void openInTurns(int count, int atOnce) {
    loop.execute(
        () -> {
          unopened = count - atOnce;
          for (int i = 0; i < atOnce; i++) {
            connect();
          }
        });
  }

  private void connect() {
    if (ending) {
      return;
    }
    Asker asker = new Asker(this, template, delays, request);
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(asker);
                  }
                })
            .connect("127.0.0.1", port);
    connected.addListener(
        done -> {
          if (!done.isSuccess()) {
            fault("connect: " + done.cause());
          }
        });
    askers.add(asker);
  }

  // What connections tell, on the loop.

  void opened() {
    open++;
  }

  void closed() {
    open--;
  }

  void asked() {
    active++;
  }

  void received(int count) {
    bytes += count;
  }

  /** An answer was right; says whether to ask again now. */
  boolean answered() {
    active--;
    answers++;
    if (unopened > 0) {
      unopened--;
      connect();
    }
    return again == Again.AT_ONCE && !ending;
  }

  boolean closesNow() {
    return ending || again == Again.NEVER;
  }

  /** Something was wrong, with an answer if one was waited for. */
  void failed(String what, boolean waited) {
    active -= waited ? 1 : 0;
    fault(what);
  }

  private void fault(String what) {
    if (faults.size() < FAULTS_KEPT) {
      faults.add(what);
    }
  }

  /** What has happened so far. */
  Counts counts() throws IOException, InterruptedException {
    return onLoop(() -> new Counts(bytes, answers, active, List.copyOf(faults)));
  }

  /** How long events were on their way since the last time this was asked, in nanoseconds. */
  Histogram takeDelays() throws IOException, InterruptedException {
    return onLoop(
        () -> {
          Histogram taken = delays.copy();
          delays.reset();
          return taken;
        });
  }

  /** Has the next connection ask once more, if its last answer is there. */
  void ask() {
    loop.execute(() -> askers.get(turn++ % askers.size()).ask());
  }

  /** Waits until so many answers are under way, or as many were right, or something is wrong. */
  void await(int activeNow, long answersNow, int seconds) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Counts now = counts();
    while (now.active < activeNow || now.answers < answersNow) {
      check(now);
      if (System.nanoTime() > end) {
        throw new IOException(
            "after " + seconds + " s " + now.active + " under way, " + now.answers
                + " answers (expected: " + activeNow + ", " + answersNow + ")");
      }
      TimeUnit.MILLISECONDS.sleep(10); // a driver, no test
      now = counts();
    }
  }

  /** Asks no more, waits for the answers that are under way, and closes all. */
  Counts end(int seconds) throws IOException, InterruptedException {
    onLoop(
        () -> {
          ending = true;
          askers.forEach(Asker::closeIfIdle);
          return true;
        });
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (onLoop(() -> open) > 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(10); // likewise
    }
    int left =
        onLoop(
            () -> {
              askers.forEach(Asker::close);
              return open;
            });
    Counts now = counts();
    check(now);
    if (left > 0 || now.active > 0) {
      throw new IOException(now.active + " answers without an end after " + seconds + " s");
    }
    return now;
  }

  /** Closes all, whatever is under way. */
  void abort() {
    loop.execute(
        () -> {
          ending = true;
          askers.forEach(Asker::close);
        });
  }

  /** Fails if anything was wrong. */
  static void check(Counts now) throws IOException {
    if (!now.faults.isEmpty()) {
      throw new IOException("wrong answers: " + String.join("; ", now.faults));
    }
  }

  private <T> T onLoop(Callable<T> asked) throws IOException, InterruptedException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            answer.complete(asked.call());
          } catch (Exception e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the generator's loop", e);
    }
  }
}
