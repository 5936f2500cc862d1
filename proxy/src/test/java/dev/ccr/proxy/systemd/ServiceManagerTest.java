package dev.ccr.proxy.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment of a service says, and what its manager hears. */
final class ServiceManagerTest {

  private static final String OURS = String.valueOf(ProcessHandle.current().pid());

  @ParameterizedTest
  @CsvSource({"1, own, 3", "0, own, -1", "1, 1, -1", "2, 1, -1", "1, '', -1", "'', own, -1"})
  void aSocketIsOursIfItsProcessIs(String fds, String pid, int expected) throws IOException {
    Map<String, String> env =
        Map.of("LISTEN_FDS", fds, "LISTEN_PID", pid.equals("own") ? OURS : pid);
    OptionalInt listener = ServiceManager.of(env).listener();
    assertEquals(expected, listener.orElse(-1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "-1", "x"})
  void moreThanOneSocketIsRefused(String fds) {
    Map<String, String> env = Map.of("LISTEN_FDS", fds, "LISTEN_PID", OURS);
    IOException e = assertThrows(IOException.class, () -> ServiceManager.of(env));
    assertEquals("LISTEN_FDS: " + fds + " (expected: 1, the socket of the router)", e.getMessage());
  }

  @Test
  void whereNobodyListensNothingHappens(@TempDir Path folder) throws IOException {
    for (Map<String, String> env :
        List.of(
            Map.<String, String>of(),
            Map.of("NOTIFY_SOCKET", ""),
            Map.of("NOTIFY_SOCKET", "vsock:2:1234"),
            Map.of("NOTIFY_SOCKET", folder.resolve("nobody").toString()))) {
      ServiceManager manager = ServiceManager.of(env);
      manager.ready();
      manager.stopping();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aManagerHearsOnAPath(@TempDir Path folder) throws Exception {
    String path = folder.resolve("notify").toString();
    hears(path, path);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aManagerHearsInTheAbstractNamespace() throws Exception {
    String name = "ccr-test-" + OURS + "-" + System.nanoTime();
    hears("\0" + name, "@" + name);
  }

  private static void hears(String bound, String told) throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      Channel socket =
          new Bootstrap()
              .group(loop)
              .channel(EpollDomainDatagramChannel.class)
              .handler(
                  new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(
                        ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                      heard.add(packet.content().toString(StandardCharsets.UTF_8));
                    }
                  })
              .bind(new DomainSocketAddress(bound))
              .sync()
              .channel();
      ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", told));
      manager.ready();
      assertEquals("READY=1", heard.poll(10, TimeUnit.SECONDS));
      long before = System.nanoTime() / 1_000;
      manager.reloading();
      String[] reload = String.valueOf(heard.poll(10, TimeUnit.SECONDS)).split("\n", -1);
      assertEquals("RELOADING=1", reload[0]);
      assertTrue(reload[1].startsWith("MONOTONIC_USEC="), reload[1]);
      long micros = Long.parseLong(reload[1].substring("MONOTONIC_USEC=".length()));
      assertTrue(micros >= before && micros <= System.nanoTime() / 1_000, reload[1]);
      manager.stopping();
      assertEquals("STOPPING=1", heard.poll(10, TimeUnit.SECONDS));
      socket.close().sync();
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
