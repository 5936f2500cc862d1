package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** Sets up a new upstream connection, and says when it is ready for its first request. */
final class UpstreamInitializer extends ChannelInitializer<Channel> {

  private final Origin origin;
  private final @Nullable SslContext tls;
  private final Limits limits;
  private final Promise<Channel> ready;

  /**
   * @param tls for an encrypted origin
   * @param ready gets the connection once its first byte may be sent
   */
  UpstreamInitializer(
      Origin origin, @Nullable SslContext tls, Limits limits, Promise<Channel> ready) {
    this.origin = origin;
    this.tls = tls;
    this.limits = limits;
    this.ready = ready;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (tls != null) {
      SslHandler ssl = tls.newHandler(channel.alloc(), origin.host(), origin.port());
      ssl.setHandshakeTimeoutMillis(limits.connect().toMillis());
      channel.pipeline().addLast(ssl, new ReadyHandler(ssl));
    } else {
      addHttp1(channel);
      channel.pipeline().addLast(new ReadyHandler(null));
    }
  }

  private void addHttp1(Channel channel) {
    channel
        .pipeline()
        .addLast(
            new UpstreamCodec(),
            new AnswerDecompressor(),
            new UpstreamTimeoutHandler(origin, limits));
  }

  /** Waits until bytes may be sent, and then leaves the pipeline. */
  private final class ReadyHandler extends ChannelInboundHandlerAdapter {

    private final @Nullable SslHandler ssl; // the upstream's: there may be a proxy's in front

    ReadyHandler(@Nullable SslHandler ssl) {
      this.ssl = ssl;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (ssl == null) {
        ready(ctx);
      }
      ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          speak(ctx.channel());
          ready(ctx);
        } else {
          exceptionCaught(ctx, handshake.cause());
        }
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ready.tryFailure(Connector.failure(origin, limits, cause));
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ready.tryFailure(
          Connector.failure(origin, limits, new ClosedChannelException()));
      ctx.fireChannelInactive();
    }

    /** What the handshake has agreed on (RFC 7301). */
    private void speak(Channel channel) {
      if (ssl != null
          && ApplicationProtocolNames.HTTP_2.equals(ssl.applicationProtocol())) {
        Http2Pipelines.install(channel, origin, limits);
      } else {
        addHttp1(channel);
      }
    }

    private void ready(ChannelHandlerContext ctx) {
      ctx.pipeline().remove(this);
      if (!ready.trySuccess(ctx.channel())) {
        ctx.close(); // nobody waits any more
      }
    }
  }
}
