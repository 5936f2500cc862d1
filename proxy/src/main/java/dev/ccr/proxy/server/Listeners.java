package dev.ccr.proxy.server;

import dev.ccr.proxy.upstream.EventLoops;
import dev.ccr.proxy.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.socket.ServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The sockets that a router listens on. The first one is where it is said to be; with it all of
 * them close. Any thread but those of the event loops may open and close them.
 */
public final class Listeners implements AutoCloseable {

  private static final int BACKLOG = 4096;

  /**
   * Connections that are taken in one turn of the loop. With thousands of streams a turn is long: a
   * burst of clients would wait for seconds, and the kernel drops those that find the backlog full.
   */
  private static final int ACCEPTED_A_TURN = 128;

  private final EventLoops loops;
  private final Supplier<ChannelHandler> accept;
  private final ChannelHandler clear;
  private final List<Channel> open = new CopyOnWriteArrayList<>();
  private volatile boolean adopted; // by whoever opened it, it is shared already

  /**
   * @param loops on which clients are served
   * @param accept stands at a socket that is listened on
   * @param clear sets up a client's connection
   */
  public Listeners(
      EventLoops loops, Supplier<ChannelHandler> accept, ChannelHandler clear) {
    this.loops = loops;
    this.accept = accept;
    this.clear = clear;
  }

  /**
   * Listens on an address.
   *
   * @param address its port may be 0: then it is any free one
   * @throws IOException if that cannot be
   */
  public void bind(Transport transport, InetSocketAddress address) throws IOException {
    add(
        address.getHostString() + ":" + address.getPort(),
        own(transport, clear).channel(transport.serverChannel()).bind(address));
  }

  /**
   * Listens on an address beside whoever does and allows it.
   *
   * @throws IOException if that cannot be
   */
  public void bindBeside(Transport transport, InetSocketAddress address) throws IOException {
    add(
        address.getHostString() + ":" + address.getPort(),
        SharedPort.beside(own(transport, clear))
            .channel(transport.serverChannel())
            .bind(address));
  }

  /**
   * Lets a socket come beside this one; false where the system has no such thing, and where there
   * is more than one: of unix sockets each path has one only. One that was bound by somebody else is
   * not this router's to share.
   */
  public boolean share() {
    return canShare() && SharedPort.allow(open.getFirst());
  }

  /** Whether {@link #share} may work. */
  public boolean canShare() {
    return open.size() == 1 && !adopted && SharedPort.isPossible(open.getFirst());
  }

  /** Lets no other socket come beside these any more. */
  public void keepAlone() {
    open.forEach(SharedPort::forbid);
  }

  /** Leads new connections to whoever has come beside; those that wait already are still taken. */
  public void leadAway() {
    open.forEach(SharedPort::leadAway);
  }

  /**
   * Listens on a socket that is bound already.
   *
   * @param socket taken: closed with the others
   * @throws IOException if that cannot be
   */
  public void adopt(ServerSocketChannel socket) throws IOException {
    adopted = true;
    add(
        String.valueOf(socket.localAddress()),
        tcp(Transport.EPOLL, clear).channelFactory(() -> socket).register());
  }

  /**
   * Listens on an address where clients speak TLS.
   *
   * @param address its port may be 0: then it is any free one
   * @param tls sets up a client's connection there
   * @return where it listens
   * @throws IOException if that cannot be
   */
  public InetSocketAddress bindTls(
      Transport transport, InetSocketAddress address, ChannelHandler tls) throws IOException {
    Channel channel =
        add(
            "TLS: " + address.getHostString() + ":" + address.getPort(),
            own(transport, tls).channel(transport.serverChannel()).bind(address));
    return (InetSocketAddress) channel.localAddress();
  }

  /**
   * Listens on a unix socket, which only the owner of this process may use.
   *
   * @param path absolute; what a router that crashed has left there is replaced
   * @throws IOException if that cannot be
   */
  public void bindUnix(Transport transport, Path path) throws IOException {
    String place = "UNIX_SOCKET: " + path;
    UnixSocketFile file = new UnixSocketFile(path);
    try {
      file.clear();
      Channel channel =
          add(
              place,
              new ServerBootstrap()
                  .group(loops)
                  .option(ChannelOption.SO_BACKLOG, BACKLOG)
                  .option(ChannelOption.RECVBUF_ALLOCATOR, bursts())
                  .channel(transport.serverDomainChannel())
                  .handler(accept.get())
                  .childHandler(clear)
                  .bind(transport.domainAddress(path)));
      channel.closeFuture().addListener(closed -> file.remove());
      file.secure();
    } catch (IOException e) {
      String words = String.valueOf(e.getMessage());
      throw words.startsWith(place) ? e : new IOException(place + ": " + words, e);
    }
  }

  /** Where clients reach the router; the port is a real one even if any was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) open.getFirst().localAddress();
  }

  /** Returns when the router no longer listens. */
  public void awaitClose() throws InterruptedException {
    open.getFirst().closeFuture().sync();
  }

  /** Stops listening; the connections that there are stay. */
  @Override
  public void close() {
    for (Channel each : open) {
      each.close().awaitUninterruptibly();
    }
  }

  /** A socket that is made here. One of a service manager's may block, and gets a client a turn. */
  private ServerBootstrap own(Transport transport, ChannelHandler client) {
    return tcp(transport, client).option(ChannelOption.RECVBUF_ALLOCATOR, bursts());
  }

  private ServerBootstrap tcp(Transport transport, ChannelHandler client) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .handler(accept.get())
            .childHandler(client);
    transport.findDeadClients(bootstrap);
    return bootstrap;
  }

  /**
   * Takes clients until there are none, where Netty's own takes 16 a turn and with epoll (4.2.18)
   * one: it takes a descriptor for a length. Only for sockets that do not block when nobody waits.
   */
  private static RecvByteBufAllocator bursts() {
    return new ServerChannelRecvByteBufAllocator()
        .respectMaybeMoreData(false)
        .maxMessagesPerRead(ACCEPTED_A_TURN);
  }

  private Channel add(String place, ChannelFuture listening) throws IOException {
    if (!listening.awaitUninterruptibly().isSuccess()) {
      Throwable cause = listening.cause();
      listening.channel().close();
      throw new IOException(
          place + ": "
              + (cause instanceof UnresolvedAddressException
                  ? "host name not found"
                  : cause.getMessage()),
          cause);
    }
    open.add(listening.channel());
    return listening.channel();
  }
}
