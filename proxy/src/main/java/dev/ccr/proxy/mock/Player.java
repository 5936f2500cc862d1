package dev.ccr.proxy.mock;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Plays one {@link Reply} on one connection. Lives on the connection's event loop and never holds
 * it for long: it yields after a burst of writes, and rests while the channel is not writable,
 * while a timer runs and while a gate is closed. Only {@link #wake} may be called from elsewhere.
 */
final class Player implements Runnable {
  /** Writes, each with its flush, before other connections of the loop get their turn. */
  private static final int BURST = 128;

  /** Larger steps go out in pieces of this many bytes, so that the channel can say stop. */
  private static final int PIECE = 64 * 1024;

  private static final Bytes BLANK_LINE = Bytes.latin1("\r\n");
  private static final Bytes CLOSE_AND_BLANK_LINE = Bytes.latin1("connection: close\r\n\r\n");

  private final ChannelHandlerContext ctx;
  private final Traffic traffic;
  private final Reply reply;
  private final boolean keepAlive;
  private final Runnable onEnd;
  private final Runnable waiter = this::wake; // one identity for the gate
  private int next; // index of the step
  private int offset; // into the step
  private boolean stalled;
  private boolean over;
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable Gate gate;
  private @Nullable ChannelFutureListener counter; // the last one, for the next write of its size
  private int counted;

  /**
   * @param keepAlive whether the request lets the connection live on
   * @param onEnd called on the event loop when the connection is free for the next request
   */
  Player(
      ChannelHandlerContext ctx, Traffic traffic, Reply reply, boolean keepAlive, Runnable onEnd) {
    this.ctx = ctx;
    this.traffic = traffic;
    this.reply = reply;
    this.keepAlive = keepAlive && !reply.isClosing();
    this.onEnd = onEnd;
  }

  /** Plays on from where it rested. */
  @Override
  public void run() {
    for (int writes = 0; !over; writes++) {
      if (!ctx.channel().isWritable()) {
        stall(true);
        return;
      }
      if (writes == BURST) {
        ctx.executor().execute(this);
        return;
      }
      if (!play(reply.steps().get(next))) {
        return;
      }
    }
  }

  /** Plays on, soon, if it rested for want of a writable channel. */
  void writabilityChanged() {
    if (stalled && ctx.channel().isWritable()) {
      stall(false);
      ctx.executor().execute(this); // not from inside the flush that made room
    }
  }

  /** The connection is gone: lets go of timer and gate. */
  void abandon() {
    over = true;
    stall(false);
    if (timer != null) {
      timer.cancel(false);
    }
    if (gate != null) {
      gate.forget(waiter);
    }
  }

  private void wake() {
    try {
      ctx.executor().execute(this);
    } catch (RejectedExecutionException closed) {
      // The mock was closed while the gate opened, and its connections with it.
    }
  }

  private void stall(boolean now) {
    if (stalled != now) {
      stalled = now;
      traffic.stalled(now ? 1 : -1);
    }
  }

  /** Plays one step or a part of it; {@code false} to rest. */
  private boolean play(Step step) {
    return switch (step) {
      case Step.Head head -> sendHead(head);
      case Step.Write write -> sendPiece(write);
      case Step.Cut cut -> sendChunk(cut);
      case Step.Pause pause -> rest(pause);
      case Step.Await await -> rest(await);
      case Step.Last last -> finish(last);
    };
  }

  private boolean sendHead(Step.Head head) {
    Bytes tail = keepAlive || reply.isClosing() ? BLANK_LINE : CLOSE_AND_BLANK_LINE;
    ByteBuf out = ctx.alloc().ioBuffer(head.lines().length() + tail.length());
    head.lines().writeTo(out);
    tail.writeTo(out);
    ctx.write(out); // takes out; flushed with the next step
    next++;
    return true;
  }

  private boolean sendPiece(Step.Write write) {
    int end = Math.min(write.data().length(), offset + PIECE);
    ByteBuf out = ctx.alloc().ioBuffer(end - offset);
    write.data().writeTo(out, offset, end);
    send(out, write.payload(offset, end));
    advance(end, write.data().length(), write.endless());
    return true;
  }

  private boolean sendChunk(Step.Cut cut) {
    int end = (int) Math.min(cut.payload().length(), (long) offset + cut.size());
    int payload = end - offset;
    Bytes prefix = payload == cut.size() ? cut.prefix() : cut.lastPrefix();
    ByteBuf out = ctx.alloc().ioBuffer(prefix.length() + payload + cut.suffix().length());
    prefix.writeTo(out);
    cut.payload().writeTo(out, offset, end);
    cut.suffix().writeTo(out);
    send(out, payload);
    advance(end, cut.payload().length(), false);
    return true;
  }

  /** Takes the buffer. */
  private void send(ByteBuf out, int payload) {
    ChannelFuture written = ctx.writeAndFlush(out);
    if (payload == 0) {
      return;
    }
    if (counter == null || counted != payload) {
      counted = payload;
      counter =
          future -> {
            if (future.isSuccess()) {
              traffic.sent(payload);
            }
          };
    }
    written.addListener(counter);
  }

  private void advance(int end, int length, boolean endless) {
    offset = end < length ? end : 0;
    if (offset == 0 && !endless) {
      next++;
    }
  }

  private boolean rest(Step.Pause pause) {
    ctx.flush();
    next++;
    timer = ctx.executor().schedule(this, pause.nanos(), TimeUnit.NANOSECONDS);
    return false;
  }

  private boolean rest(Step.Await await) {
    ctx.flush();
    next++;
    gate = await.gate();
    return !gate.hold(waiter);
  }

  private boolean finish(Step.Last last) {
    over = true;
    switch (last) {
      case HANG -> ctx.flush();
      case CLOSE -> flushed().addListener(ChannelFutureListener.CLOSE);
      case RESET -> flushed().addListener((ChannelFutureListener) f -> reset(f.channel()));
      case END -> {
        if (keepAlive) {
          ctx.flush();
          onEnd.run();
        } else {
          flushed().addListener(ChannelFutureListener.CLOSE);
        }
      }
    }
    return false;
  }

  /** Done when everything before has been handed to the kernel. */
  private ChannelFuture flushed() {
    return ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
  }

  private static void reset(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.unsafe().close(channel.voidPromise()); // past the TLS handler and its close_notify
  }
}
