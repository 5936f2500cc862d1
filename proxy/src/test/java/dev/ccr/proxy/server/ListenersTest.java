package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.upstream.EventLoops;
import dev.ccr.proxy.upstream.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ListenersTest {

  private static final int CLIENTS = 200;

  /** The loop is busy while they come, as it is with thousands of streams. */
  @ParameterizedTest
  @EnumSource(Transport.class)
  void aBurstOfClientsIsTakenInFewTurns(Transport transport) throws Exception {
    EventLoops loops = new EventLoops(transport);
    Accepted accepted = new Accepted();
    List<Socket> clients = new ArrayList<>();
    try (Listeners listeners = new Listeners(loops, () -> accepted, accepted)) {
      listeners.bind(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      CountDownLatch allConnected = new CountDownLatch(1);
      accepted.loop.get(20, TimeUnit.SECONDS).execute(() -> await(allConnected));
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            new Socket(listeners.address().getAddress(), listeners.address().getPort()));
      }
      allConnected.countDown();
      assertTrue(accepted.all.await(20, TimeUnit.SECONDS), "not all are taken");
      assertTrue(accepted.turns.size() <= 3, "turns: " + accepted.turns);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
      loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS), "the clients do not connect");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Counts turns of the loop, notes those in which there are clients, and closes these. */
  private static final class Accepted extends ChannelInboundHandlerAdapter {

    private final CompletableFuture<EventLoop> loop = new CompletableFuture<>();
    private final CountDownLatch all = new CountDownLatch(CLIENTS);
    private final Set<Integer> turns = new ConcurrentSkipListSet<>();
    private int turn; // on the loop

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
      loop.complete(ctx.channel().eventLoop());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      turns.add(turn);
      ((Channel) msg).unsafe().closeForcibly();
      all.countDown();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      turn++;
    }
  }
}
