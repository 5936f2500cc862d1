package dev.ccr.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** The kind of event loop in use, and the channels that go with it. */
public enum Transport {
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class) {
    @Override
    public IoHandlerFactory ioHandlers() {
      return EpollIoHandler.newFactory();
    }

    @Override
    void findDeadPeers(Bootstrap bootstrap) {
      bootstrap
          .option(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS)
          .option(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_PROBE_SECONDS)
          .option(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES)
          .option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);
    }

    @Override
    public void findDeadClients(ServerBootstrap bootstrap) {
      super.findDeadClients(bootstrap);
      bootstrap
          .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS)
          .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_PROBE_SECONDS)
          .childOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
    }

    @Override
    boolean hasHungUp(Channel channel) {
      if (!(channel instanceof EpollSocketChannel socket)) {
        return false;
      }
      try {
        EpollTcpInfo info = new EpollTcpInfo();
        socket.tcpInfo(info);
        return info.state() != TCP_ESTABLISHED;
      } catch (ChannelException e) { // it is closed
        return true;
      }
    }

    @Override
    public Class<? extends ServerChannel> serverDomainChannel() {
      return EpollServerDomainSocketChannel.class;
    }

    @Override
    public SocketAddress domainAddress(Path path) {
      return new DomainSocketAddress(path.toString());
    }
  },
  NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class) {
    @Override
    public IoHandlerFactory ioHandlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    public Class<? extends ServerChannel> serverDomainChannel() {
      return NioServerDomainSocketChannel.class;
    }

    @Override
    public SocketAddress domainAddress(Path path) {
      return UnixDomainSocketAddress.of(path);
    }
  };

  /** How long a connection may be silent before the kernel asks whether the peer is there. */
  private static final int KEEPALIVE_IDLE_SECONDS = 30;

  private static final int KEEPALIVE_PROBE_SECONDS = 10;
  private static final int KEEPALIVE_PROBES = 3;

  /** How long what was sent may go without acknowledgement (RFC 5482). */
  private static final int UNACKNOWLEDGED_MILLIS = 60_000;

  /** As Linux numbers the states of a connection. */
  private static final int TCP_ESTABLISHED = 1;

  private final Class<? extends ServerSocketChannel> serverChannel;
  private final Class<? extends SocketChannel> clientChannel;
  private final Class<? extends DatagramChannel> datagramChannel;

  Transport(
      Class<? extends ServerSocketChannel> serverChannel,
      Class<? extends SocketChannel> clientChannel,
      Class<? extends DatagramChannel> datagramChannel) {
    this.serverChannel = serverChannel;
    this.clientChannel = clientChannel;
    this.datagramChannel = datagramChannel;
  }

  /** Native epoll where it can be loaded, else NIO. */
  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** What event loops of this kind run on. */
  public abstract IoHandlerFactory ioHandlers();

  /**
   * Has the kernel break connections whose peer has gone without a word, in about a minute; where
   * it cannot be asked to, that takes hours.
   */
  void findDeadPeers(Bootstrap bootstrap) {}

  /**
   * Has the kernel find out that a client has vanished while nothing is said to it, as when an
   * upstream thinks for minutes (RFC 9293, section 3.8.4). There is no bound for what it does not
   * acknowledge: a client that stops reading for a while would be broken off too. TCP only.
   */
  public void findDeadClients(ServerBootstrap bootstrap) {
    bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
  }

  /**
   * Whether the peer has closed a connection already, though no event has said so yet. Costs a
   * system call.
   *
   * @return {@code false} if it has not, or if nobody knows
   */
  boolean hasHungUp(Channel channel) {
    return false;
  }

  /** What listens on a unix socket. */
  public abstract Class<? extends ServerChannel> serverDomainChannel();

  /** Where that listens. */
  public abstract SocketAddress domainAddress(Path path);

  public Class<? extends ServerSocketChannel> serverChannel() {
    return serverChannel;
  }

  public Class<? extends SocketChannel> clientChannel() {
    return clientChannel;
  }

  public Class<? extends DatagramChannel> datagramChannel() {
    return datagramChannel;
  }
}
