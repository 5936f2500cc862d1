package dev.ccr.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Notes whether a connection has given any byte since it was taken from the pool, and be it half a
 * status line, which the codec keeps to itself. Stands in front of the codec; on its event loop.
 */
final class ReadMark extends ChannelInboundHandlerAdapter {

  private boolean read;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    read = true;
    ctx.fireChannelRead(msg);
  }

  boolean isSet() {
    return read;
  }

  void clear() {
    read = false;
  }
}
