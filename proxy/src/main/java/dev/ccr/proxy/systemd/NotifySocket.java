package dev.ccr.proxy.systemd;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket on which a service manager listens, one datagram a message. The JDK has none of that
 * kind. A message is rare: each has an event loop of its own, and nothing stays. For any thread.
 */
final class NotifySocket {

  private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);

  private static final long PATIENCE_SECONDS = 5;

  private final String path;

  /** @param path of a file, or, after an {@code @}, a name in the abstract namespace */
  NotifySocket(String path) {
    this.path = path;
  }

  /** Sends a message. One that nobody takes is logged, and the router goes on without. */
  void send(String state) {
    if (!path.startsWith("/") && !path.startsWith("@")) {
      LOG.warn("NOTIFY_SOCKET: {} (expected: a path, or @ and a name)", path);
    } else if (!Epoll.isAvailable()) {
      LOG.warn("NOTIFY_SOCKET: {} (expected: none, where native epoll cannot be loaded)", path);
    } else {
      EventLoopGroup loop =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("ccr-notify", true), EpollIoHandler.newFactory());
      try {
        send(state, loop);
      } finally {
        loop.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
      }
    }
  }

  private void send(String state, EventLoopGroup loop) {
    String address = path.startsWith("@") ? "\0" + path.substring(1) : path;
    ChannelFuture done =
        new Bootstrap()
            .group(loop)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new DomainSocketAddress(address))
            .awaitUninterruptibly();
    Channel channel = done.channel();
    if (done.isSuccess()) {
      done = channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), state));
      done.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    if (!done.isSuccess()) {
      LOG.warn("NOTIFY_SOCKET: {}: nobody took {}: {}", path, state, String.valueOf(done.cause()));
    }
    channel.close().awaitUninterruptibly();
  }
}
