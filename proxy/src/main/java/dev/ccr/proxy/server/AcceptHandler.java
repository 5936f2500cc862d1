package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Admission;
import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.model.Limit;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.function.Supplier;

/**
 * Counts connections where they are accepted. Those beyond the limit are let in for as long as it
 * takes to tell them so; if there are too many of these too, they are closed without a word. Any
 * listening socket may share it.
 */
@Sharable
public final class AcceptHandler extends ChannelInboundHandlerAdapter {

  /** How many connections beyond the limit get an answer: a part of the limit, and some. */
  private static final int SHARE = 8;

  private static final int AT_LEAST = 16;

  private static final AttributeKey<Boolean> EXCESS =
      AttributeKey.valueOf(AcceptHandler.class, "EXCESS");

  private final Admission admission;
  private final Supplier<Snapshot> snapshots;
  private final Metrics metrics;

  /**
   * A handler for listening sockets.
   *
   * @param control counts the connections
   * @param config asked for every connection
   * @param metrics told of those that are closed
   */
  public AcceptHandler(AdmissionControl control, LiveConfig config, Metrics metrics) {
    this.admission = control.admission();
    this.snapshots = config;
    this.metrics = metrics;
  }

  /** Whether a connection, or that of a stream, is one too many: all it gets is that answer. */
  static boolean isExcess(Channel client) {
    Channel parent = client.parent(); // of a connection it is the listening socket
    return Boolean.TRUE.equals(client.attr(EXCESS).get())
        || (parent != null && Boolean.TRUE.equals(parent.attr(EXCESS).get()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof Channel client) {
      int limit = snapshots.get().config().limits().connections();
      long open = admission.connected((long) limit + limit / SHARE + AT_LEAST);
      if (open == 0) {
        metrics.refused(Limit.CONNECTIONS);
        client.unsafe().closeForcibly(); // not registered yet: nobody else knows it
        return;
      }
      client.closeFuture().addListener(closed -> admission.disconnected());
      if (open > limit) {
        client.attr(EXCESS).set(true);
      }
    }
    // Netty's epoll (4.2.18) tells events by file descriptor. A connection that is registered while
    // they are told could have that of one closed in the same turn, and would hear of its end.
    ctx.executor().execute(() -> ctx.fireChannelRead(msg));
  }
}
