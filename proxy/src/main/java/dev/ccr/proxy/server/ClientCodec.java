package dev.ccr.proxy.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * HTTP/1.1 on a client's socket, as strict as {@link RequestDecoder} is. Netty's {@code
 * HttpServerCodec} would do if its decoder could be replaced.
 *
 * <p>When a request could not be read to its end, the connection is closed in two steps (RFC 9112,
 * section 9.6): what the client is still sending would else make the kernel take back the answer
 * that says what is wrong.
 */
final class ClientCodec
    extends CombinedChannelDuplexHandler<RequestDecoder, HttpResponseEncoder> {

  private static final long LINGER_MILLIS = 1_000;

  /** The methods of the requests that are not answered yet; bounded by what one read brings. */
  private final Queue<HttpMethod> asked = new ArrayDeque<>();

  private boolean lingering;

  /** @param headTime how long a head may take from its first octet to its last */
  ClientCodec(Duration headTime) {
    init(new RequestDecoder(headTime, asked), new Encoder());
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    boolean lingers =
        inboundHandler().isBroken()
            && !lingering
            && ctx.channel() instanceof DuplexChannel
            && ctx.channel().isActive()
            && ctx.pipeline().get(SslHandler.class) == null; // its end has an order of its own
    if (!lingers) {
      super.close(ctx, promise);
      return;
    }
    lingering = true;
    ((DuplexChannel) ctx.channel()).shutdownOutput();
    ctx.channel().config().setAutoRead(true);
    ctx.executor().schedule(() -> ctx.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Knows which answers have no body, whatever their headers say. */
  private final class Encoder extends HttpResponseEncoder {

    /** Whether the answer that is being written goes by chunks. */
    private boolean chunked;

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
        throws Exception {
      if (chunked && msg instanceof ChunkContent content && content.canBeChunk()) {
        ctx.write(content.toChunk(), promise);
      } else {
        super.write(ctx, msg, promise);
      }
    }

    @Override
    protected void sanitizeHeadersBeforeEncode(HttpResponse head, boolean isAlwaysEmpty) {
      super.sanitizeHeadersBeforeEncode(head, isAlwaysEmpty);
      chunked = !isAlwaysEmpty && HttpUtil.isTransferEncodingChunked(head);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
      boolean toHead =
          response.status().codeClass() != HttpStatusClass.INFORMATIONAL
              && HttpMethod.HEAD.equals(asked.poll());
      return toHead || super.isContentAlwaysEmpty(response);
    }
  }
}
