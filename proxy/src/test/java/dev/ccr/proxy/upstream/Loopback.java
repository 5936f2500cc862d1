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
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

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
    this(transport, tls, limits, DefaultAddressResolverGroup.INSTANCE);
  }

  /** @param resolver taken, unless it is one for all */
  Loopback(
      Transport transport,
      UpstreamTls tls,
      Limits limits,
      AddressResolverGroup<InetSocketAddress> resolver) {
    this.tls = tls;
    this.resolver = resolver;
    this.limits = limits;
    loops = new EventLoops(transport);
    loop = loops.next();
    pool = new UpstreamPool(loop, transport, resolver, tls);
  }

  /** A connection, or the failure that there is none. */
  Channel acquire(Origin origin) throws Exception {
    return got(() -> pool.acquire(origin, limits));
  }

  /** A connection that nobody had before. */
  Channel acquireNew(Origin origin) throws Exception {
    return got(() -> pool.acquireNew(origin, limits));
  }

  private Channel got(Callable<Future<Channel>> acquire) throws Exception {
    try {
      return onLoop(acquire).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UpstreamException failure) {
        throw failure;
      }
      throw e;
    }
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
    Promise<String> answer = loop.newPromise();
    channel.pipeline().addLast(new Collector(answer));
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.EMPTY_BUFFER);
    request.headers().set("host", origin.hostHeader()).setInt("content-length", 0);
    channel.writeAndFlush(request);
    return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    if (!resolver.equals(DefaultAddressResolverGroup.INSTANCE)) {
      resolver.close();
    }
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    tls.close();
  }

  private <T> T onLoop(Callable<T> call) throws Exception {
    return loop.submit(call).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static final class Collector extends SimpleChannelInboundHandler<HttpObject> {

    private final Promise<String> answer;
    private final StringBuilder body = new StringBuilder();

    Collector(Promise<String> answer) {
      this.answer = answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject msg) {
      if (msg instanceof HttpContent content) {
        body.append(content.content().toString(StandardCharsets.UTF_8));
      }
      if (msg instanceof LastHttpContent) {
        ctx.pipeline().remove(this);
        answer.setSuccess(body.toString());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      answer.tryFailure(cause);
    }
  }
}
