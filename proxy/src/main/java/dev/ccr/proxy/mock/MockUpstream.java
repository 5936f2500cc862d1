package dev.ccr.proxy.mock;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A scriptable HTTP/1.1 server on 127.0.0.1. Connections are kept alive unless the request or the
 * reply says otherwise; requests on one connection must not be pipelined. It writes only while the
 * channel is writable, so a client that stops reading stops it too.
 *
 * <p>Its methods are for any thread but its own event loops, whose threads are daemons. It must be
 * closed.
 */
public final class MockUpstream implements AutoCloseable {
  private static final int MAX_LINE = 64 * 1024;
  private static final int MAX_HEADERS = 256 * 1024;
  private static final int BACKLOG = 4096;

  private final EventLoopGroup loops;
  private final ChannelGroup channels;
  private final Traffic traffic;
  private final String origin;
  private final int port;

  private MockUpstream(
      EventLoopGroup loops, ChannelGroup channels, Traffic traffic, String scheme, int port) {
    this.loops = loops;
    this.channels = channels;
    this.traffic = traffic;
    this.port = port;
    this.origin = scheme + "://127.0.0.1:" + port;
  }

  /** Starts a server without TLS on a free port, with one event loop, recording its requests. */
  public static MockUpstream start(Script script) {
    return with(script).start();
  }

  /** Starts a server with TLS on a free port; the context stays the caller's. */
  public static MockUpstream start(Script script, SslContext tls) {
    return with(script).tls(tls).start();
  }

  /** Prepares a server; it listens once {@link Setup#start} is called. */
  public static Setup with(Script script) {
    return new Setup(script);
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** The address of a path, which starts with a slash. */
  public String url(String path) {
    return origin + path;
  }

  /** All requests so far in their order, none if recording is off. A snapshot, immutable. */
  public List<MockRequest> requests() {
    return traffic.requests();
  }

  /** The first request, once there is one; recording must be on. */
  public MockRequest awaitRequest(Duration timeout) throws InterruptedException, TimeoutException {
    return awaitRequests(1, timeout).getFirst();
  }

  /** The first requests, once there are that many; recording must be on. */
  public List<MockRequest> awaitRequests(int count, Duration timeout)
      throws InterruptedException, TimeoutException {
    return traffic.awaitRequests(count, timeout);
  }

  /** Connections that are open now. */
  public int openConnections() {
    return traffic.open();
  }

  /** Connections accepted since the start. */
  public int acceptedConnections() {
    return traffic.accepted();
  }

  /** Waits until exactly this many connections are open. */
  public void awaitConnections(int count, Duration timeout)
      throws InterruptedException, TimeoutException {
    traffic.awaitOpen(count, timeout);
  }

  /** Connections whose reply stands still now because the client does not read. */
  public int stalledConnections() {
    return traffic.stalled();
  }

  /** Waits until at least this many replies stand still because their clients do not read. */
  public void awaitStalled(int count, Duration timeout)
      throws InterruptedException, TimeoutException {
    traffic.awaitStalled(count, timeout);
  }

  /**
   * Bytes of bodies that the kernel has taken since the start, without heads and the framing of
   * chunks; the bytes of raw steps count in full. Once a client has read a byte, it is counted or
   * about to be.
   */
  public long bytesSent() {
    return traffic.bytesSent();
  }

  /** Closes the port and all connections, and waits up to 10 s for the event loops to end. */
  @Override
  public void close() {
    // Not left to the loops: Netty 4.2.18's may end before they have closed their channels.
    channels.close().awaitUninterruptibly();
    stop(loops);
  }

  private static void stop(EventLoopGroup loops) {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }

  /** The choices to be made before a server starts. */
  public static final class Setup {
    private final Script script;
    private @Nullable SslContext tls;
    private int port;
    private int threads = 1;
    private boolean recording = true;

    private Setup(Script script) {
      this.script = script;
    }

    /** Speaks TLS. The context stays the caller's and must not offer HTTP/2. */
    public Setup tls(SslContext context) {
      this.tls = context;
      return this;
    }

    /** Listens on this port; 0, the default, asks for any free one. */
    public Setup port(int number) {
      this.port = number;
      return this;
    }

    /** Runs this many event loops; one by default. */
    public Setup threads(int count) {
      this.threads = count;
      return this;
    }

    /** Whether requests are kept until the server closes; they are by default. */
    public Setup recording(boolean on) {
      this.recording = on;
      return this;
    }

    /**
     * Starts to listen.
     *
     * @throws UncheckedIOException if the port is taken
     */
    public MockUpstream start() {
      boolean epoll = Epoll.isAvailable();
      EventLoopGroup loops =
          new MultiThreadIoEventLoopGroup(
              threads,
              new DefaultThreadFactory("ccr-mock", true),
              epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
      Traffic traffic = new Traffic(recording);
      ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
      ChannelFuture bound =
          new ServerBootstrap()
              .group(loops)
              .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, BACKLOG)
              .option(ChannelOption.SO_REUSEADDR, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(pipeline(script, traffic, channels, tls))
              .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port))
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        stop(loops);
        throw new UncheckedIOException(
            new IOException("port: " + port + " (expected: a free one)", bound.cause()));
      }
      channels.add(bound.channel());
      InetSocketAddress address = (InetSocketAddress) bound.channel().localAddress();
      return new MockUpstream(
          loops, channels, traffic, tls == null ? "http" : "https", address.getPort());
    }

    private static ChannelInitializer<Channel> pipeline(
        Script script, Traffic traffic, ChannelGroup channels, @Nullable SslContext tls) {
      HttpDecoderConfig limits =
          new HttpDecoderConfig().setMaxInitialLineLength(MAX_LINE).setMaxHeaderSize(MAX_HEADERS);
      return new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
          channels.add(channel);
          if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
          }
          channel.pipeline().addLast(new HttpRequestDecoder(limits));
          channel.pipeline().addLast(new MockHandler(script, traffic));
        }
      };
    }
  }
}
