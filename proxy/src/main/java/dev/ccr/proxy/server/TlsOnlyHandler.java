package dev.ccr.proxy.server;

import dev.ccr.proxy.model.RequestException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;

/** Refuses every request of a client that forgot TLS. Its key, if it sent one, has been seen. */
final class TlsOnlyHandler extends ChannelInboundHandlerAdapter {

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    boolean begins = msg instanceof HttpRequest;
    ReferenceCountUtil.release(msg); // taken from the pipeline
    if (begins) {
      throw RequestException.invalid("http: this port speaks TLS (expected: https)");
    }
  }
}
