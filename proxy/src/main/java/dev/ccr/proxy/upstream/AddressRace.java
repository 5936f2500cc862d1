package dev.ccr.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of a host's addresses that lets itself be connected to: the next one is
 * tried when one fails, or has said nothing for a quarter of a second (RFC 8305, section 5). One a
 * connection; for its event loop alone.
 */
final class AddressRace {

  /** How long an address has the field to itself (RFC 8305, section 8). */
  static final long HEAD_START_MILLIS = 250;

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Iterator<InetSocketAddress> addresses;
  private final ChannelHandler handler;
  private final Consumer<Throwable> failed;
  private final List<Channel> running = new ArrayList<>();
  private @Nullable Future<?> next;
  private @Nullable Future<?> deadline;
  private @Nullable Channel winner;
  private boolean due;
  private boolean over;

  /**
   * @param bootstrap everything but the handler
   * @param addresses resolved, at least one, in their order
   * @param handler takes the pipeline of the connection that was made, and sees it become active
   * @param failed is told why if there is none
   */
  AddressRace(
      EventLoop loop,
      Bootstrap bootstrap,
      List<InetSocketAddress> addresses,
      ChannelHandler handler,
      Consumer<Throwable> failed) {
    this.loop = loop;
    this.bootstrap = bootstrap;
    this.addresses = addresses.iterator();
    this.handler = handler;
    this.failed = failed;
  }

  /** @param limit for all addresses together */
  void start(Duration limit) {
    deadline =
        loop.schedule(
            () -> fail(new ConnectTimeoutException()), limit.toMillis(), TimeUnit.MILLISECONDS);
    tryNext();
  }

  /**
   * Makes the next connection, when the loop is through with the events that it has been told. A
   * connection closed meanwhile may have events among them, and they are told by file descriptor:
   * the new connection, which may have the same, would be taken for hung up (Netty 4.2.18).
   */
  private void tryNext() {
    cancel(next);
    if (!due) { // else an address that fails meanwhile gets the same successor
      due = true;
      loop.execute(this::attempt);
    }
  }

  private void attempt() {
    due = false;
    if (over) {
      return; // given up meanwhile
    }
    ChannelFuture attempt =
        bootstrap.clone().handler(new Contestant()).connect(addresses.next());
    Channel channel = attempt.channel();
    running.add(channel);
    if (addresses.hasNext()) {
      next = loop.schedule(this::tryNext, HEAD_START_MILLIS, TimeUnit.MILLISECONDS);
    }
    attempt.addListener(
        connected -> {
          if (!connected.isSuccess()) {
            lost(channel, connected.cause());
          }
        });
  }

  private void lost(Channel channel, Throwable cause) {
    running.remove(channel);
    if (over) {
      return;
    }
    if (addresses.hasNext()) {
      tryNext();
    } else if (running.isEmpty()) {
      fail(cause);
    }
  }

  /** Nobody wants the connection any more, be it made or not. */
  void giveUp() {
    finish();
    if (winner != null) {
      winner.close();
    }
  }

  private void fail(Throwable cause) {
    finish();
    failed.accept(cause);
  }

  private void finish() {
    over = true;
    cancel(next);
    cancel(deadline);
    List.copyOf(running).forEach(Channel::close);
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** Holds a connection's place until it is made. */
  private final class Contestant extends ChannelInboundHandlerAdapter {

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (over) {
        ctx.close();
        return;
      }
      winner = ctx.channel();
      running.remove(ctx.channel());
      finish();
      ctx.pipeline().replace(this, null, handler);
      ctx.fireChannelActive();
    }
  }
}
