package dev.ccr.proxy.systemd;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes a channel of a socket that listens already, and that this process was given. */
public final class InheritedSocket {

  private static final int SOL_SOCKET = 1; // as Linux has it on all that Netty has epoll for
  private static final int SO_ACCEPTCONN = 30;

  private static final IntegerUnixChannelOption LISTENS =
      new IntegerUnixChannelOption("SO_ACCEPTCONN", SOL_SOCKET, SO_ACCEPTCONN);

  private InheritedSocket() {}

  /**
   * Takes over a descriptor. The channel is to be registered, not bound.
   *
   * @throws IOException if it is none of a TCP socket that listens, or if this machine cannot
   */
  public static EpollServerSocketChannel adopt(int descriptor) throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException(
          "LISTEN_FDS: 1 (expected: none, where native epoll cannot be loaded)",
          Epoll.unavailabilityCause());
    }
    try {
      EpollServerSocketChannel channel = new EpollServerSocketChannel(descriptor);
      Integer listens = channel.config().getOption(LISTENS);
      if (channel.localAddress() != null && listens != null && listens == 1) {
        return channel;
      }
      throw unfit(descriptor, null); // not ours to close
    } catch (ChannelException e) {
      throw unfit(descriptor, e);
    }
  }

  private static IOException unfit(int descriptor, @Nullable Throwable cause) {
    return new IOException(
        "LISTEN_FDS: descriptor " + descriptor + " (expected: a TCP socket that listens)", cause);
  }
}
