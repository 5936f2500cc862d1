package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Http2Peer;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.codec.http2.Http2Settings;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel knows already, while the event loop was busy with something else. */
final class StaleConnectionTest {

  @BeforeEach
  void needsEpoll() {
    Assumptions.assumeTrue(Epoll.isAvailable());
  }

  /** Closes the server while the loop is held up, and asks for a channel before it goes on. */
  private static Channel afterHangUp(
      Loopback pool, Origin origin, Channel connection, AutoCloseable server) throws Exception {
    return pool.onLoop(
        () -> {
          server.close();
          long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
          while (!Transport.EPOLL.hasHungUp(connection)) {
            if (System.nanoTime() > deadline) {
              throw new TimeoutException("the end of the connection has not come");
            }
            Thread.onSpinWait();
          }
          assertTrue(connection.isActive(), "no event has said so yet");
          return pool.pool().acquire(origin, Defaults.LIMITS).getNow();
        });
  }

  @Test
  void anIdleConnectionThatThePeerHasClosedIsNotTaken() throws Exception {
    MockUpstream server = MockUpstream.start(request -> Reply.json(200, "{}"));
    try (Loopback pool = new Loopback(Transport.EPOLL, new UpstreamTls(), Defaults.LIMITS)) {
      Origin origin = Origin.of(URI.create(server.url("/")));
      Channel channel = pool.acquire(origin);
      assertEquals("{}", pool.ask(origin, channel));
      pool.release(origin, channel);
      assertNotSame(channel, afterHangUp(pool, origin, channel, server));
    }
  }

  @Test
  void noStreamIsOpenedOnAnIdleConnectionThatThePeerHasClosed() throws Exception {
    Http2Peer server = Http2Peer.start(Http2Settings.defaultSettings());
    try (Loopback pool = new Loopback(Transport.EPOLL, Http2Peer.trust(), Defaults.LIMITS)) {
      Channel stream = pool.acquire(server.origin());
      pool.release(server.origin(), stream);
      assertNull(
          afterHangUp(pool, server.origin(), stream.parent(), server), "it is made anew");
    }
  }
}
