package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EventLoopsTest {

  @Test
  void thereIsALoopForEachProcessorAndTwoAtLeast() {
    EventLoops loops = new EventLoops(Transport.NIO);
    int processors = Runtime.getRuntime().availableProcessors();
    assertEquals(Math.max(2, processors), loops.executorCount());
    loops.shutdownGracefully(0, 20, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aLoopClosesItsChannelsEvenIfItRunsTasksWhenItIsShutDown(Transport transport)
      throws Exception {
    EventLoops loops = new EventLoops(transport);
    Channel channel =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .childHandler(new ChannelInboundHandlerAdapter())
            .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
            .sync()
            .channel();
    channel.eventLoop().execute(() -> loops.shutdownGracefully(0, 20, TimeUnit.SECONDS));
    assertTrue(loops.awaitTermination(20, TimeUnit.SECONDS));
    assertFalse(channel.isOpen());
  }
}
