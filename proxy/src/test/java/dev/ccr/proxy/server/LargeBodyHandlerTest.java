package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.upstream.EventLoops;
import dev.ccr.proxy.upstream.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LargeBodyHandlerTest {

  private static Exchange exchange(int bytes) {
    ByteBuf body = Unpooled.buffer(bytes).writerIndex(bytes);
    return new Exchange(Samples.SNAPSHOT, Samples.post("/v1/messages"), body, Samples.log());
  }

  @ParameterizedTest
  @CsvSource({"0, true", "262143, true", "262144, false", "3000000, false"})
  void onlyALargeBodyWaitsForTheNextTurn(int bytes, boolean atOnce) {
    EmbeddedChannel channel = new EmbeddedChannel(new LargeBodyHandler());
    Exchange exchange = exchange(bytes);
    channel.pipeline().fireChannelRead(exchange);
    Object first = channel.readInbound();
    assertSame(atOnce ? exchange : null, first);
    channel.runPendingTasks();
    Object later = channel.readInbound();
    assertSame(atOnce ? null : exchange, later);
    exchange.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"the client leaves", "the router ends", "the handler is removed"})
  void whatNobodyWaitsForIsReleased(String end) {
    EmbeddedChannel channel = new EmbeddedChannel(new LargeBodyHandler());
    Exchange exchange = exchange(LargeBodyHandler.LARGE);
    channel.pipeline().fireChannelRead(exchange);
    switch (end) {
      case "the client leaves" -> channel.pipeline().fireChannelInactive();
      case "the router ends" -> channel.pipeline().fireUserEventTriggered(Drain.Stage.OVER);
      default -> channel.pipeline().remove(LargeBodyHandler.class);
    }
    channel.runPendingTasks();
    assertEquals(0, exchange.refCnt());
    assertNull(channel.readInbound());
  }

  /** What another connection has received meanwhile is read before the exchange goes on. */
  @Test
  void otherConnectionsOfTheLoopHaveTheirTurn() throws Exception {
    EventLoops loops = new EventLoops(Transport.NIO);
    EventLoop loop = loops.next();
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch both = new CountDownLatch(2);
    try (Peers large = Peers.connect();
        Peers other = Peers.connect()) {
      NioSocketChannel client = new NioSocketChannel(large.accepted());
      client.pipeline().addLast(new LargeBodyHandler(), new Reader("exchange", order, both));
      NioSocketChannel stream = new NioSocketChannel(other.accepted());
      stream.pipeline().addLast(new Reader("other", order, both));
      loop.register(client).sync();
      loop.register(stream).sync();
      loop.submit(
              () -> {
                other.client().write(ByteBuffer.wrap(new byte[1]));
                client.pipeline().fireChannelRead(exchange(LargeBodyHandler.LARGE));
                return null;
              })
          .sync();
      assertTrue(both.await(20, TimeUnit.SECONDS), order.toString());
      assertEquals(List.of("other", "exchange"), order);
      client.close().sync();
      stream.close().sync();
    } finally {
      loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
    }
  }

  /** Says that it has read. */
  private static final class Reader extends ChannelInboundHandlerAdapter {

    private final String name;
    private final List<String> order;
    private final CountDownLatch read;

    Reader(String name, List<String> order, CountDownLatch read) {
      this.name = name;
      this.order = order;
      this.read = read;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
      order.add(name);
      read.countDown();
    }
  }

  /** Both ends of a connection. */
  private record Peers(SocketChannel client, SocketChannel accepted) implements AutoCloseable {

    static Peers connect() throws IOException {
      try (ServerSocketChannel listening = ServerSocketChannel.open()) {
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new Peers(SocketChannel.open(listening.getLocalAddress()), listening.accept());
      }
    }

    @Override
    public void close() throws IOException {
      client.close();
      accepted.close();
    }
  }
}
