package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Many connections of one loop end at once, and new ones are made while their ends are being told:
 * a new one may have the file descriptor of an old one whose end is still to be told.
 */
final class DescriptorReuseTest {

  private static final int CONNECTIONS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void aConnectionIsNotToldTheEndOfOneWhoseDescriptorItHas() throws Exception {
    EventLoops loops = new EventLoops(Transport.best());
    try (MockUpstream living = MockUpstream.start(request -> Reply.silence());
        UpstreamTls tls = new UpstreamTls()) {
      EventLoop loop = loops.next();
      Connector connector =
          new Connector(loop, Transport.best(), DefaultAddressResolverGroup.INSTANCE, tls);
      CompletableFuture<List<Future<Channel>>> made = new CompletableFuture<>();
      CountDownLatch held = new CountDownLatch(1);
      try (MockUpstream dying = MockUpstream.start(request -> Reply.silence())) {
        List<Channel> old = new ArrayList<>();
        for (Future<Channel> each : connect(loop, connector, dying)) {
          old.add(each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        Replacing replacing =
            new Replacing(
                old,
                () -> {
                  try {
                    made.complete(start(connector, living));
                  } catch (RuntimeException | Error e) {
                    made.completeExceptionally(e);
                  }
                });
        loop.submit(() -> old.forEach(channel -> channel.pipeline().addLast(replacing)))
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        dying.awaitConnections(CONNECTIONS, PATIENCE);
        loop.execute(() -> hold(held)); // so that all ends are told in one turn of the loop
      }
      held.countDown();
      for (Future<Channel> each : made.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        assertTrue(each.await(PATIENCE.toMillis()) && each.isSuccess(), () -> "" + each.cause());
        assertTrue(each.getNow().isActive());
      }
    } finally {
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private static List<Future<Channel>> connect(
      EventLoop loop, Connector connector, MockUpstream upstream) throws Exception {
    return loop.submit(() -> start(connector, upstream))
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static List<Future<Channel>> start(Connector connector, MockUpstream upstream) {
    List<Future<Channel>> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Origin origin = new Origin(false, "127.0.0.1", upstream.port());
      connections.add(connector.connect(origin, Defaults.LIMITS));
    }
    return connections;
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** When the first connection ends, it closes all, and others are made. */
  @Sharable
  private static final class Replacing extends ChannelInboundHandlerAdapter {

    private final List<Channel> old;
    private final Runnable connect;
    private boolean done;

    Replacing(List<Channel> old, Runnable connect) {
      this.old = old;
      this.connect = connect;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (!done) {
        done = true;
        old.forEach(Channel::close);
        connect.run();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      channelReadComplete(ctx);
    }
  }
}
