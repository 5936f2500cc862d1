package dev.ccr.proxy.upstream;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The kind of event loop in use, and the channels that go with it. */
public enum Transport {
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class) {
    @Override
    public IoHandlerFactory ioHandlers() {
      return EpollIoHandler.newFactory();
    }
  },
  NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class) {
    @Override
    public IoHandlerFactory ioHandlers() {
      return NioIoHandler.newFactory();
    }
  };

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
