package dev.ccr.proxy.server;

import dev.ccr.proxy.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;

/**
 * Lets the kernel find out that a client has vanished while nothing is said to it, as when an
 * upstream thinks for minutes (RFC 9293, section 3.8.4). For TCP sockets only.
 */
final class KeepAlive {

  private static final int IDLE_SECONDS = 30;
  private static final int INTERVAL_SECONDS = 10;
  private static final int PROBES = 3;

  private KeepAlive() {}

  /** Sets it for all connections to come; without epoll the system's own times hold, two hours. */
  static ServerBootstrap set(ServerBootstrap bootstrap, Transport transport) {
    bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
    return transport == Transport.EPOLL
        ? bootstrap
            .childOption(EpollChannelOption.TCP_KEEPIDLE, IDLE_SECONDS)
            .childOption(EpollChannelOption.TCP_KEEPINTVL, INTERVAL_SECONDS)
            .childOption(EpollChannelOption.TCP_KEEPCNT, PROBES)
        : bootstrap;
  }
}
