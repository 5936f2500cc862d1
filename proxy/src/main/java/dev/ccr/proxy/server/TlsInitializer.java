package dev.ccr.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up a connection of a client that should speak TLS. Whether it speaks HTTP/2 or HTTP/1.1 in
 * it ALPN tells (RFC 7301). One that speaks HTTP without TLS is told so in HTTP. May be shared by
 * connections of all event loops.
 */
public final class TlsInitializer extends ChannelInitializer<Channel> {

  private static final Logger LOG = LoggerFactory.getLogger(TlsInitializer.class);

  /** The type of a record that begins a handshake: RFC 8446, section 5.1. No HTTP begins so. */
  private static final int HANDSHAKE = 22;

  /** How long a client may wait before it says anything; the handshake has a time of its own. */
  private static final long PATIENCE_SECONDS = 10;

  private final ServerTls tls;
  private final ClientInitializer clients;

  public TlsInitializer(ServerTls tls, ClientInitializer clients) {
    this.tls = tls;
    this.clients = clients;
  }

  @Override
  protected void initChannel(Channel channel) {
    clients.connected(channel);
    channel.pipeline().addLast(new FirstByteHandler());
  }

  private final class FirstByteHandler extends ByteToMessageDecoder {

    private @Nullable Future<?> deadline;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      deadline = ctx.executor().schedule(() -> ctx.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (in.getUnsignedByte(in.readerIndex()) == HANDSHAKE) {
        ctx.pipeline().addLast(tls.newHandler(ctx.alloc()), new ProtocolHandler());
      } else {
        clients.refused(ctx.channel());
      }
      ctx.pipeline().remove(this); // what has been read goes to those behind it
    }

    /** It left without a word. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
      if (deadline != null) {
        deadline.cancel(false);
      }
    }
  }

  private final class ProtocolHandler extends ApplicationProtocolNegotiationHandler {

    ProtocolHandler() {
      super(ApplicationProtocolNames.HTTP_1_1); // for those who name none
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        clients.http2(ctx.channel());
      } else {
        clients.http1(ctx.channel());
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      exceptionCaught(ctx, cause);
    }

    /** Whoever scans ports causes many of these. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (LOG.isDebugEnabled()) {
        LOG.debug("{}: no TLS: {}", ctx.channel(), HeaderText.line(String.valueOf(cause)));
      }
      ctx.close();
    }
  }
}
