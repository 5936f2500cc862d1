package dev.ccr.bench.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.File;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An upstream in OpenAI's format that costs as little as it can: answers are made once, one event
 * loop writes them. Its port on 127.0.0.1 takes TLS too, if it has a certificate. Needs Linux.
 * Must be closed.
 */
final class Upstream implements AutoCloseable {

  private static final int BACKLOG = 4_096;
  private static final int READ_BYTES = 65_536;

  private final MultiThreadIoEventLoopGroup loops;
  private final int port;

  private Upstream(MultiThreadIoEventLoopGroup loops, int port) {
    this.loops = loops;
    this.port = port;
  }

  /**
   * Prints {@code {"port":12345}} on standard output once it listens, and ends when standard input
   * is closed, or on a signal.
   *
   * @param args a key store with the certificate, PKCS #12, and its password
   */
  public static void main(String[] args) throws Exception {
    char[] password = args[1].toCharArray();
    KeyManagerFactory keys =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(new File(args[0]), password), password);
    SslContext tls =
        SslContextBuilder.forServer(keys).sslProvider(SslProvider.OPENSSL).build();
    try (Upstream upstream = start(tls, Reply::of)) {
      System.out.println("{\"port\":" + upstream.port() + "}");
      System.out.flush();
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /**
   * Starts one.
   *
   * @param tls {@code null} for none
   * @param made how answers are made; others than {@link Reply#of} to see that it is noticed
   */
  static Upstream start(@Nullable SslContext tls, Function<Answer, Reply> made)
      throws InterruptedException {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("upstream", true), EpollIoHandler.newFactory());
    EventLoop loop = loops.next();
    Map<String, Reply> replies = new HashMap<>();
    Map<Answer, Pacer> pacers = new EnumMap<>(Answer.class);
    for (Answer answer : Answer.values()) {
      replies.put(answer.path(), made.apply(answer));
      if (answer.rate > 0) {
        pacers.put(answer, new Pacer(loop, answer.rate));
      }
    }
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option( // else it would take one connection a turn
                ChannelOption.RECVBUF_ALLOCATOR,
                new ServerChannelRecvByteBufAllocator().respectMaybeMoreData(false))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .childHandler(initializer(tls, replies, pacers))
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    return new Upstream(loops, ((InetSocketAddress) server.localAddress()).getPort());
  }

  private static ChannelInitializer<Channel> initializer(
      @Nullable SslContext tls, Map<String, Reply> replies, Map<Answer, Pacer> pacers) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (tls != null) {
          channel.pipeline().addLast(new OptionalSslHandler(tls));
        }
        channel.pipeline().addLast(new UpstreamHandler(replies, pacers));
      }
    };
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }
}
