package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.testing.Http2Peer;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What TLS agrees on, and how many connections are made before and after that is known. */
final class ProtocolChoiceTest {

  private static final int PATIENCE_MILLIS = 20_000;
  private static final Limits LIMITS =
      Defaults.LIMITS.toBuilder().connect(Duration.ofMillis(PATIENCE_MILLIS)).build();

  private static MockUpstream http1(int port, String... protocols) throws Exception {
    SslContext tls = Http2Peer.tls(protocols);
    return MockUpstream.with(request -> Reply.json(200, "{}")).tls(tls).port(port).start();
  }

  private static Loopback pool() {
    return new Loopback(Transport.best(), Http2Peer.trust(), LIMITS);
  }

  /** Accepts what comes and says nothing. */
  private static ServerSocket silent(int port) throws Exception {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http/1.1"})
  void anUpstreamThatDoesNotTakeHttp2IsSpokenToInHttp1(String protocol) throws Exception {
    try (MockUpstream server = protocol.isEmpty() ? http1(0) : http1(0, protocol);
        Loopback pool = pool()) {
      Origin origin = new Origin(true, "localhost", server.port());
      Channel channel = pool.acquire(origin);
      assertNull(channel.parent());
      assertEquals("{}", pool.ask(origin, channel));
      pool.release(origin, channel);
      assertEquals(channel, pool.acquire(origin));
    }
  }

  @Test
  void oneConnectionFindsOutWhatAnUpstreamSpeaksAndFailsForAllWhoWaitForIt() throws Exception {
    try (ServerSocket server = silent(0);
        Loopback pool = pool()) {
      Origin origin = new Origin(true, "localhost", server.getLocalPort());
      List<Future<Channel>> channels = pool.acquireAtOnce(origin, 3);
      server.accept().close();
      for (Future<Channel> channel : channels) {
        assertThrows(UpstreamException.class, () -> Loopback.got(channel));
      }
      server.setSoTimeout(1);
      assertThrows(SocketTimeoutException.class, server::accept);
    }
  }

  @Test
  void requestsToAnUpstreamKnownToSpeakHttp1DoNotWaitForEachOther() throws Exception {
    try (Loopback pool = pool()) {
      int port;
      Origin origin;
      try (MockUpstream server = http1(0)) {
        port = server.port();
        origin = new Origin(true, "localhost", port);
        for (Future<Channel> channel : pool.acquireAtOnce(origin, 3)) {
          Loopback.got(channel).close();
        }
        assertEquals(3, server.acceptedConnections());
      }
      try (ServerSocket server = silent(port)) {
        List<Future<Channel>> channels = pool.acquireAtOnce(origin, 3);
        List<Socket> accepted = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          accepted.add(server.accept()); // without a handshake on any of them
        }
        for (Socket socket : accepted) {
          socket.close();
        }
        for (Future<Channel> channel : channels) {
          assertThrows(UpstreamException.class, () -> Loopback.got(channel));
        }
      }
    }
  }
}
