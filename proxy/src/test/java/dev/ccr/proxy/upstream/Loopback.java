package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A pool on an event loop of its own, to be called from a test's thread. */
final class Loopback implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final EventLoops loops;
  private final EventLoop loop;
  private final UpstreamTls tls;
  private final AddressResolverGroup<InetSocketAddress> resolver;
  private final UpstreamPool pool;
  private final Limits limits;

  Loopback(Transport transport, UpstreamTls tls, Limits limits) {
    this(transport, tls, limits, DefaultAddressResolverGroup.INSTANCE, new ConnectionBudget());
  }

  /** @param budget may be that of others too */
  Loopback(Transport transport, UpstreamTls tls, Limits limits, ConnectionBudget budget) {
    this(transport, tls, limits, DefaultAddressResolverGroup.INSTANCE, budget);
  }

  /** @param resolver taken, unless it is one for all */
  Loopback(
      Transport transport,
      UpstreamTls tls,
      Limits limits,
      AddressResolverGroup<InetSocketAddress> resolver) {
    this(transport, tls, limits, resolver, new ConnectionBudget());
  }

  private Loopback(
      Transport transport,
      UpstreamTls tls,
      Limits limits,
      AddressResolverGroup<InetSocketAddress> resolver,
      ConnectionBudget budget) {
    this.tls = tls;
    this.resolver = resolver;
    this.limits = limits;
    loops = new EventLoops(transport);
    loop = loops.next();
    pool = new UpstreamPool(loop, transport, resolver, tls, budget);
  }

  /** A connection, or the failure that there is none. */
  Channel acquire(Origin origin) throws Exception {
    return got(onLoop(() -> pool.acquire(origin, limits)));
  }

  /** A connection that nobody had before. */
  Channel acquireNew(Origin origin) throws Exception {
    return got(onLoop(() -> pool.acquireNew(origin, limits)));
  }

  /** A request for a channel. */
  Future<Channel> request(Origin origin) throws Exception {
    return acquireAtOnce(origin, 1).getFirst();
  }

  /** A request for a channel that nobody had before. */
  Future<Channel> requestNew(Origin origin) throws Exception {
    return onLoop(() -> pool.acquireNew(origin, limits));
  }

  /** A request for a channel by one who leaves before he has it. */
  Future<Channel> requestAndCancel(Origin origin) throws Exception {
    return onLoop(
        () -> {
          Future<Channel> channel = pool.acquire(origin, limits);
          channel.cancel(false);
          return channel;
        });
  }

  /** For use on the loop. */
  UpstreamPool pool() {
    return pool;
  }

  int openConnections(Origin origin) throws Exception {
    return onLoop(() -> pool.openConnections(origin));
  }

  /** As many requests for a channel as the loop gets at once. */
  List<Future<Channel>> acquireAtOnce(Origin origin, int count) throws Exception {
    return onLoop(
        () -> {
          List<Future<Channel>> channels = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            channels.add(pool.acquire(origin, limits));
          }
          return channels;
        });
  }

  /** What becomes of a request for a channel. */
  static Channel got(Future<Channel> channel) throws Exception {
    try {
      return channel.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UpstreamException failure) {
        throw failure;
      }
      throw e;
    }
  }

  int waiting(Origin origin) throws Exception {
    return onLoop(() -> pool.waiting(origin));
  }

  void release(Origin origin, Channel channel) throws Exception {
    onLoop(
        () -> {
          pool.release(origin, channel);
          return true;
        });
  }

  int idleConnections(Origin origin) throws Exception {
    return onLoop(() -> pool.idleConnections(origin));
  }

  /** Sends a request and gives the body of its answer. */
  String ask(Origin origin, Channel channel) throws Exception {
    return begin(origin, channel).body();
  }

  /** Sends a request. */
  Answer begin(Origin origin, Channel channel) {
    return begin(origin, channel, 0);
  }

  /** Sends a request with a body of so many bytes. */
  Answer begin(Origin origin, Channel channel, int length) {
    Answer answer = new Answer(channel, loop.newPromise());
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            "/",
            Unpooled.wrappedBuffer(new byte[length]));
    request.headers().set("host", origin.hostHeader()).setInt("content-length", length);
    loop.execute(
        () -> {
          channel.pipeline().addLast(answer);
          channel
              .writeAndFlush(request)
              .addListener(
                  written -> {
                    if (!written.isSuccess()) { // as whoever calls upstreams does
                      channel.pipeline().fireExceptionCaught(written.cause());
                    }
                  });
        });
    return answer;
  }

  @Override
  public void close() {
    if (!resolver.equals(DefaultAddressResolverGroup.INSTANCE)) {
      resolver.close();
    }
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    tls.close();
  }

  /** Runs something on the loop, which does nothing else meanwhile. */
  <T> T onLoop(Callable<T> call) throws Exception {
    return loop.submit(call).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** An answer as it comes in. */
  static final class Answer extends SimpleChannelInboundHandler<HttpObject> {

    private final Channel channel;
    private final Promise<String> whole;
    private final StringBuilder body = new StringBuilder(); // guarded by itself
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile @Nullable HttpResponse head;

    Answer(Channel channel, Promise<String> whole) {
      this.channel = channel;
      this.whole = whole;
    }

    Channel channel() {
      return channel;
    }

    /** The body, once it is complete. */
    String body() throws Exception {
      return whole.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What ended the answer instead; {@code null} if that was the end of the channel. */
    @Nullable Throwable failure() throws Exception {
      if (!whole.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new TimeoutException("no end of the answer");
      }
      if (whole.isSuccess()) {
        throw new AssertionError("an answer: " + whole.getNow());
      }
      return whole.cause() instanceof ClosedChannelException ? null : whole.cause();
    }

    /** The head of the answer that is none of the interim ones. */
    HttpResponse head() {
      return Objects.requireNonNull(head);
    }

    String soFar() {
      synchronized (body) {
        return body.toString();
      }
    }

    /** What has come of the body, once there is any. */
    String awaitPart() throws Exception {
      if (!begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new TimeoutException("nothing of the answer");
      }
      return soFar();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject msg) {
      if (msg.decoderResult().isFailure()) {
        whole.tryFailure(msg.decoderResult().cause());
        return;
      }
      if (msg instanceof HttpResponse response) {
        head = response.status().code() < 200 ? null : response;
      }
      if (msg instanceof HttpContent content && head != null) {
        synchronized (body) {
          body.append(content.content().toString(StandardCharsets.ISO_8859_1));
        }
        if (content.content().isReadable()) {
          begun.countDown();
        }
      }
      if (msg instanceof LastHttpContent && head != null) {
        ctx.pipeline().remove(this);
        whole.trySuccess(soFar());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      whole.tryFailure(new ClosedChannelException());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      whole.tryFailure(cause);
    }
  }
}
