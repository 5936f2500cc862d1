package dev.ccr.proxy.server;

import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One request to an upstream, from the wait for a connection to the end of the answer. Everything
 * happens on the client's event loop.
 */
final class UpstreamCall {

  private final Channel client;
  private final Exchange exchange;
  private final Target target;
  private final UpstreamPool pool;
  private @Nullable RelayHandler relay;
  private @Nullable Channel upstream;
  private @Nullable Future<Channel> connecting;
  private @Nullable FullHttpRequest waiting;

  UpstreamCall(Channel client, Exchange exchange, Target target, UpstreamPool pool) {
    this.client = client;
    this.exchange = exchange;
    this.target = target;
    this.pool = pool;
  }

  /** @param request taken */
  void start(FullHttpRequest request) {
    Future<Channel> channel =
        pool.acquire(target.origin(), exchange.snapshot().config().limits());
    boolean pooled = channel.isDone();
    connecting = channel;
    waiting = request;
    channel.addListener((Future<Channel> connected) -> connected(connected, pooled));
  }

  /** The client has left: nobody waits for the answer any more. */
  void cancel() {
    if (waiting != null && connecting != null) {
      waiting.release(); // it may be large, and a connection may take long
      waiting = null;
      connecting.cancel(false);
    }
    if (relay != null && upstream != null) {
      relay.cancel(upstream);
    }
  }

  /** The router ends: completes what is complete, and gives up the rest. */
  void cutShort() {
    if (relay != null && upstream != null) {
      relay.cutShort(upstream);
    }
    cancel();
  }

  /** Reads the upstream or lets it wait. */
  void readUpstream(boolean read) {
    if (relay != null && !relay.isOver() && upstream != null) {
      upstream.config().setAutoRead(read);
    }
  }

  private void connected(Future<Channel> connected, boolean pooled) {
    FullHttpRequest request = waiting;
    waiting = null;
    if (request == null) { // cancelled
      if (connected.isSuccess()) {
        pool.release(target.origin(), connected.getNow());
      }
    } else if (!connected.isSuccess()) {
      request.release();
      client.pipeline().fireExceptionCaught(connected.cause());
    } else {
      send(connected.getNow(), request, pooled);
    }
  }

  private void send(Channel channel, FullHttpRequest request, boolean pooled) {
    RelayHandler handler = new RelayHandler(client, exchange, target, pool);
    upstream = channel;
    relay = handler;
    channel.pipeline().addLast(handler);
    channel.config().setAutoRead(client.isWritable());
    channel
        .writeAndFlush(request)
        .addListener(
            written -> {
              if (written.isSuccess()) {
                handler.requestWritten(pooled);
              } else {
                channel.pipeline().fireExceptionCaught(written.cause());
              }
            });
  }
}
