package dev.ccr.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one connection of HTTP/2. With streams on it, a silence is answered by a PING, and a
 * PING that nothing answers means that the peer is gone (RFC 9113, section 6.7); a peer that only
 * has nothing to say yet answers it. Without streams, the connection idles until it is too old.
 *
 * <p>Stands in front of the codec, so that any byte is a sign of life.
 */
final class Http2Clock extends ChannelInboundHandlerAdapter {

  /** Many middleboxes forget a silent connection after a minute. */
  static final Duration SILENCE = Duration.ofSeconds(30);

  static final Duration PATIENCE = Duration.ofSeconds(15);

  /** What a clock has to say. */
  interface Listener {

    /** Sends a PING. */
    void ping();

    /** The peer has not answered: nothing on the connection will. */
    void lost();

    /** No stream has been on it for as long as it may idle. */
    void expired();
  }

  private enum Phase {
    IDLE,
    BUSY,
    PINGED
  }

  private final Listener listener;
  private Phase phase = Phase.IDLE;
  private @Nullable DeadlineTimer timer;

  Http2Clock(Listener listener) {
    this.listener = listener;
  }

  /** The connection has streams from now on. */
  void busy() {
    enter(Phase.BUSY, SILENCE);
  }

  /** The connection has no streams. */
  void idle(Duration keepAlive) {
    enter(Phase.IDLE, keepAlive);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer = new DeadlineTimer(ctx.executor(), PATIENCE, this::strike);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (phase != Phase.IDLE) {
      busy();
    }
    ctx.fireChannelReadComplete();
  }

  private void enter(Phase next, Duration time) {
    phase = next;
    if (timer != null) {
      timer.set(time);
    }
  }

  private void strike() {
    switch (phase) {
      case IDLE -> listener.expired();
      case BUSY -> {
        enter(Phase.PINGED, PATIENCE);
        listener.ping();
      }
      case PINGED -> listener.lost();
    }
  }
}
