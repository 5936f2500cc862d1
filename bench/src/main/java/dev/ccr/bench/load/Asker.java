package dev.ccr.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link Drive}: asks, compares the answer, and asks again if it is to. */
final class Asker extends ChannelInboundHandlerAdapter {

  private final Drive drive;
  private final ResponseReader reader;
  private final ByteBuf request;
  private @Nullable Channel channel;
  private boolean waits;
  private boolean over;

  /** @param request stays the drive's */
  Asker(Drive drive, Template template, Histogram delays, ByteBuf request) {
    this.drive = drive;
    this.reader = new ResponseReader(template, delays);
    this.request = request;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    drive.opened();
    if (over) { // closed before it was open
      ctx.close();
    } else {
      ask();
    }
  }

  /** Sends the request, if no answer is waited for. */
  void ask() {
    Channel now = channel;
    if (now != null && !waits && now.isActive()) {
      waits = true;
      drive.asked();
      now.writeAndFlush(request.duplicate(), now.voidPromise());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ByteBuf in = (ByteBuf) msg;
    try {
      if (over) {
        return;
      }
      if (!waits) {
        fail(ctx, "bytes that nobody has asked for");
        return;
      }
      ResponseReader.Outcome outcome = reader.read(in, System.nanoTime());
      drive.received(reader.take());
      if (outcome == ResponseReader.Outcome.WRONG) {
        fail(ctx, reader.fault());
      } else if (outcome == ResponseReader.Outcome.COMPLETE) {
        complete(ctx);
      }
    } finally {
      in.release();
    }
  }

  private void complete(ChannelHandlerContext ctx) {
    waits = false;
    if (drive.answered()) {
      ask();
    } else if (drive.closesNow()) {
      over = true;
      ctx.close();
    }
  }

  private void fail(ChannelHandlerContext ctx, String what) {
    over = true;
    drive.failed(what, waits);
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    drive.closed();
    if (!over) {
      fail(ctx, "the connection ended, behind " + reader.position() + " bytes of an answer");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!over) {
      fail(ctx, cause.toString());
    }
  }

  void closeIfIdle() {
    if (!waits) {
      close();
    }
  }

  /** Whatever is under way. */
  void close() {
    Channel now = channel;
    over = true;
    if (now != null) {
      now.close();
    }
  }
}
