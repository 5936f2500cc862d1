package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event loop has of connections to one origin that may be used at once: those of HTTP/1.1
 * that idle, and those of HTTP/2, idle or not. For that loop's thread.
 */
final class ReadyConnections {

  private final Transport transport;
  private final Deque<Channel> idle = new ArrayDeque<>();
  private final List<Http2Upstream> multiplexed = new ArrayList<>();

  ReadyConnections(Transport transport) {
    this.transport = transport;
  }

  /** Takes a stream or a connection that may be used now; {@code null} if there is none. */
  @Nullable Channel take(Limits limits) {
    for (Http2Upstream connection : List.copyOf(multiplexed)) { // a stale one leaves the list
      if (connection.hasRoom()) {
        if (connection.streams() == 0 && transport.hasHungUp(connection.channel())) {
          connection.drain();
          continue;
        }
        Channel stream = connection.open(limits);
        if (stream != null) {
          return stream;
        }
      }
    }
    for (Channel channel; (channel = idle.pollFirst()) != null; ) {
      UpstreamTimeoutHandler clock = channel.pipeline().get(UpstreamTimeoutHandler.class);
      if (channel.isActive() && clock.isPooled()) {
        if (!transport.hasHungUp(channel)) {
          clock.take(limits);
          return channel;
        }
        channel.close();
      }
    }
    return null;
  }

  /**
   * Keeps a connection of HTTP/1.1, or closes it if there are enough.
   *
   * @param awaited whether somebody waits for it
   */
  void put(Channel channel, boolean awaited) {
    UpstreamTimeoutHandler clock = channel.pipeline().get(UpstreamTimeoutHandler.class);
    if (!awaited && idle.size() >= clock.limits().idleUpstreamConnectionsPerOrigin()) {
      channel.close();
      return;
    }
    channel.config().setAutoRead(true);
    clock.put();
    UpstreamPool.markUsed(channel);
    idle.addFirst(channel);
  }

  /** The one added last is used first. */
  void add(Http2Upstream connection) {
    multiplexed.addFirst(connection);
  }

  /** For a connection that has closed. */
  void remove(Channel channel) {
    idle.remove(channel);
    multiplexed.removeIf(connection -> connection.channel().equals(channel));
  }

  /** How many connections nothing is asked on. */
  int idle() {
    int count = idle.size();
    for (Http2Upstream connection : multiplexed) {
      count += connection.streams() == 0 ? 1 : 0;
    }
    return count;
  }

  /** How many connections will have room for more streams once the peer has said how much. */
  int unsettled() {
    int count = 0;
    for (Http2Upstream connection : multiplexed) {
      count += connection.isSettled() ? 0 : 1;
    }
    return count;
  }

  /** Whether the peer wants no requests for now: another connection would not help. */
  boolean isPaused() {
    for (Http2Upstream connection : multiplexed) {
      if (connection.maxStreams() == 0) {
        return true;
      }
    }
    return false;
  }

  /** Closes the connection that has idled longest, if one idles. */
  void closeOneIdle() {
    Channel oldest = idle.pollLast();
    if (oldest != null) {
      oldest.close();
      return;
    }
    for (Http2Upstream connection : multiplexed) {
      if (connection.streams() == 0) {
        connection.drain();
        return;
      }
    }
  }
}
