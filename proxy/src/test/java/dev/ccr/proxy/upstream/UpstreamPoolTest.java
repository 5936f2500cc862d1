package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Over real sockets. */
final class UpstreamPoolTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Limits LIMITS =
      Defaults.LIMITS
          .toBuilder()
          .connect(PATIENCE)
          .firstByte(PATIENCE)
          .streamIdle(PATIENCE)
          .idleUpstreamConnectionsPerOrigin(2)
          .upstreamKeepAlive(PATIENCE)
          .build();

  private static Loopback pool(Transport transport) {
    return new Loopback(transport, new UpstreamTls(), LIMITS);
  }

  private static Origin origin(MockUpstream server) {
    return Origin.of(URI.create(server.url("/")));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aConnectionIsUsedAgain(Transport transport) throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.json(200, "{}"));
        Loopback pool = pool(transport)) {
      Origin origin = origin(server);
      Channel first = pool.acquire(origin);
      assertEquals("{}", pool.ask(origin, first));
      pool.release(origin, first);
      assertEquals(1, pool.idleConnections(origin));
      assertSame(first, pool.acquire(origin));
      assertEquals(0, pool.idleConnections(origin));
      assertEquals("{}", pool.ask(origin, first));
      assertEquals(1, server.acceptedConnections());
    }
  }

  @Test
  void aNewConnectionIsNewAndAnUsedOneSaysSo() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence());
        Loopback pool = pool(Transport.NIO)) {
      Origin origin = origin(server);
      Channel first = pool.acquire(origin);
      assertFalse(UpstreamPool.wasUsed(first));
      pool.release(origin, first);
      Channel second = pool.acquireNew(origin);
      assertNotSame(first, second);
      assertFalse(UpstreamPool.wasUsed(second));
      assertSame(first, pool.acquire(origin));
      assertTrue(UpstreamPool.wasUsed(first));
    }
  }

  @Test
  void aConnectionInUseIsNotShared() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence());
        Loopback pool = pool(Transport.NIO)) {
      Origin origin = origin(server);
      assertNotSame(pool.acquire(origin), pool.acquire(origin));
      server.awaitConnections(2, PATIENCE);
    }
  }

  @Test
  void theConnectionUsedLastIsUsedFirst() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence());
        Loopback pool = pool(Transport.NIO)) {
      Origin origin = origin(server);
      Channel first = pool.acquire(origin);
      Channel second = pool.acquire(origin);
      pool.release(origin, second);
      pool.release(origin, first);
      assertSame(first, pool.acquire(origin));
      assertSame(second, pool.acquire(origin));
    }
  }

  @Test
  void noMoreIdleConnectionsAreKeptThanAllowed() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence());
        Loopback pool = pool(Transport.NIO)) {
      Origin origin = origin(server);
      Channel[] channels = {pool.acquire(origin), pool.acquire(origin), pool.acquire(origin)};
      for (Channel channel : channels) {
        pool.release(origin, channel);
      }
      assertEquals(2, pool.idleConnections(origin));
      assertTrue(channels[2].closeFuture().await(PATIENCE.toMillis()), "one too many is closed");
    }
  }

  @Test
  void aConnectionToAnotherOriginIsNotUsed() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence());
        Loopback pool = pool(Transport.NIO)) {
      Origin byAddress = origin(server);
      Origin byName = new Origin(false, "localhost", server.port());
      Channel channel = pool.acquire(byAddress);
      pool.release(byAddress, channel);
      assertNotSame(channel, pool.acquire(byName));
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anIdleConnectionThatTheServerClosesIsForgotten(Transport transport) throws Exception {
    Channel channel;
    try (Loopback pool = pool(transport)) {
      Origin origin;
      try (MockUpstream server = MockUpstream.start(request -> Reply.silence())) {
        origin = origin(server);
        channel = pool.acquire(origin);
        pool.release(origin, channel);
      }
      assertTrue(channel.closeFuture().await(PATIENCE.toMillis()));
      assertEquals(0, pool.idleConnections(origin));
    }
  }

  @Test
  void aClosedConnectionIsNotTakenBack() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence());
        Loopback pool = pool(Transport.NIO)) {
      Origin origin = origin(server);
      Channel channel = pool.acquire(origin);
      channel.close().sync();
      pool.release(origin, channel);
      assertEquals(0, pool.idleConnections(origin));
      assertTrue(pool.acquire(origin).isActive());
    }
  }

  @Test
  void aConnectionThatWasNotReadIsReadAgainInThePool() throws Exception {
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence());
        Loopback pool = pool(Transport.NIO)) {
      Origin origin = origin(server);
      Channel channel = pool.acquire(origin);
      channel.config().setAutoRead(false);
      pool.release(origin, channel);
      assertEquals(1, pool.idleConnections(origin));
      assertTrue(channel.config().isAutoRead(), "or its end would go unnoticed");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aRefusedConnectionIsAFailureThatSaysSo(Transport transport) throws Exception {
    Origin origin;
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence())) {
      origin = origin(server);
    }
    try (Loopback pool = pool(transport)) {
      UpstreamException failure =
          assertThrows(UpstreamException.class, () -> pool.acquire(origin));
      assertEquals(502, failure.status());
      assertEquals(
          "upstream " + origin
              + ": connection refused or unreachable (expected: a server there)",
          failure.getMessage());
      assertEquals(0, pool.idleConnections(origin));
    }
  }

  static Stream<Arguments> causes() {
    return Stream.of(
        Arguments.of(
            new ConnectTimeoutException("to 1.2.3.4"),
            "no connection within 20 s (CONNECT_TIMEOUT_MS)"),
        Arguments.of(
            new SslHandshakeTimeoutException("handshake timed out"),
            "no TLS handshake within 20 s (CONNECT_TIMEOUT_MS)"),
        Arguments.of(
            new ConnectException("refused"),
            "connection refused or unreachable (expected: a server there)"),
        Arguments.of(
            new NoRouteToHostException("No route"),
            "connection refused or unreachable (expected: a server there)"),
        Arguments.of(
            new UnknownHostException("u.example"),
            "host name not found (expected: one that is known here)"),
        Arguments.of(new SSLHandshakeException("no trust"), "TLS failed: no trust"),
        Arguments.of(
            new SSLHandshakeException("problem", new CertificateException("expired")),
            "TLS failed: expired"),
        Arguments.of(
            new SSLHandshakeException("no trust", new CertificateException()),
            "TLS failed: no trust"),
        Arguments.of(
            new ClosedChannelException(), "TLS failed: connection closed inside the handshake"),
        Arguments.of(new IOException("peer's words"), "IOException"));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void aFailureSaysWhatWentWrongWhere(Throwable cause, String what) {
    UpstreamException failure =
        Connector.failure(new Origin(true, "u.example", 443), LIMITS, cause);
    assertEquals(what.contains("TIMEOUT_MS") ? 504 : 502, failure.status());
    assertEquals("upstream https://u.example: " + what, failure.getMessage());
    assertFalse(failure.getMessage().contains("peer's words"));
  }
}
