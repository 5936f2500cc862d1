package dev.ccr.proxy.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A port that passes from one socket to another without a moment in which nobody listens. The one
 * that listens allows it; until then nobody can come beside it by accident. Once another one
 * listens, new connections are led to it, those that wait already are taken, and then the first one
 * closes: a queue that is not empty would be reset. Linux only.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">SO_REUSEPORT,
 *     SO_ATTACH_REUSEPORT_CBPF</a>
 */
final class SharedPort {

  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

  /** {@code struct sock_fprog} where pointers have 64 bits. */
  private static final int PROGRAM_BYTES = 16;

  private static final RawUnixChannelOption PROGRAM =
      new RawUnixChannelOption(
          "SO_ATTACH_REUSEPORT_CBPF", SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, PROGRAM_BYTES);

  /**
   * One instruction, {@code BPF_RET | BPF_K}: the second socket, in the order in which they began
   * to listen. While there is only one, or again only one, the kernel goes by its own choice.
   */
  private static final long SECOND_SOCKET = 0x06 | 1L << 32;

  private SharedPort() {}

  /** Binds beside a socket that allows it. */
  static ServerBootstrap beside(ServerBootstrap bootstrap) {
    return bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
  }

  /** Lets another socket of the same user bind to the port; false where that cannot be. */
  static boolean allow(Channel listener) {
    return isPossible(listener)
        && listener.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
  }

  /** Whether the system can have two sockets so, and lead from one to the other. */
  static boolean isPossible(Channel listener) {
    return listener instanceof EpollServerSocketChannel;
  }

  /** Takes back what {@link #allow} said; a socket that has come already stays. */
  static void forbid(Channel listener) {
    if (isPossible(listener) && listener.isOpen()) {
      listener.config().setOption(EpollChannelOption.SO_REUSEPORT, false);
    }
  }

  /** Leads all connections that are begun from now on to the other socket, if there is one. */
  static void leadAway(Channel listener) {
    if (ValueLayout.ADDRESS.byteSize() != Long.BYTES
        || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return; // then connections that come in the last moment may be reset
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment instruction = arena.allocate(ValueLayout.JAVA_LONG);
      instruction.set(ValueLayout.JAVA_LONG, 0, SECOND_SOCKET);
      ByteBuffer program =
          ByteBuffer.allocateDirect(PROGRAM_BYTES)
              .order(ByteOrder.nativeOrder())
              .putShort(0, (short) 1)
              .putLong(Long.BYTES, instruction.address());
      listener.config().setOption(PROGRAM, program);
    }
  }
}
