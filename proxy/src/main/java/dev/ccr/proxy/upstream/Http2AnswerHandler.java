package dev.ccr.proxy.upstream;

import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stream of HTTP/2 end as an HTTP/1.1 connection does: whoever reads the answer behind it
 * sees a last content, or a failure, or a connection that closed. One a stream.
 *
 * <p>A reset is told when what came before it has been read, not before: the answer may be whole
 * already, since a server that needs no more of the request says so by a reset behind its answer
 * (RFC 9113, section 8.1).
 */
final class Http2AnswerHandler extends ChannelDuplexHandler {

  private static final AsciiString STREAM_ID = ExtensionHeaderNames.STREAM_ID.text();
  private static final AsciiString SCHEME = ExtensionHeaderNames.SCHEME.text();

  private final Origin origin;
  private boolean begun;
  private boolean complete;
  private @Nullable Throwable end; // why the stream ends if nothing more comes

  Http2AnswerHandler(Origin origin) {
    this.origin = origin;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    HttpHeaders headers = msg instanceof HttpMessage head ? head.headers() : null;
    ctx.write(msg, promise);
    if (headers != null) {
      headers.remove(SCHEME); // the codec's own note: the request may be said again elsewhere
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (complete || !(msg instanceof HttpObject)) { // a frame of a kind nobody knows, say
      ReferenceCountUtil.release(msg);
      return;
    }
    if (msg instanceof HttpResponse head) {
      if (begun || head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        ReferenceCountUtil.release(msg); // RFC 9113, section 8.6: there is no 101
        fail(ctx);
        return;
      }
      head.headers().remove(STREAM_ID);
      begun = head.status().code() >= 200;
    }
    complete = begun && msg instanceof LastHttpContent;
    ctx.fireChannelRead(msg);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame reset) {
      end = reset(reset.errorCode());
    } else if (event instanceof Http2GoAwayFrame) { // of those above the last stream it looked at
      end =
          begun // by an upstream that keeps to no rule
              ? new StreamResetException("GOAWAY")
              : UpstreamException.unprocessed(
                  "upstream " + origin
                      + ": it closed the connection before it looked at the request");
      ReferenceCountUtil.release(event);
      return;
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!complete && end != null) {
      ctx.fireExceptionCaught(end);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (end != null && !(cause instanceof UpstreamException)) {
      return; // what the reset did to the rest of the request; an answer may be waiting to be read
    }
    if (cause instanceof Http2Exception fault && fault.error() == Http2Error.REFUSED_STREAM) {
      ctx.fireExceptionCaught(refused()); // by our own codec: the peer's limits changed
    } else if (cause instanceof Http2Exception) {
      fail(ctx);
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  private void fail(ChannelHandlerContext ctx) {
    complete = true; // whatever still comes
    ctx.fireExceptionCaught(
        UpstreamException.badGateway("upstream " + origin + ": its answer is not HTTP/2"));
    ctx.close();
  }

  private Throwable reset(long code) {
    if (code == Http2Error.REFUSED_STREAM.code() && !begun) { // RFC 9113, section 8.7
      return refused();
    }
    Http2Error error = Http2Error.valueOf(code);
    String name = error == null ? "error " + code : error.name();
    return begun
        ? new StreamResetException(name) // the answer may have come to its finish all the same
        : UpstreamException.badGateway(
            "upstream " + origin + ": it reset the stream without an answer: " + name);
  }

  private UpstreamException refused() {
    return UpstreamException.unprocessed("upstream " + origin + ": it refused the stream");
  }

  /** As the reset of a connection, for one stream. */
  private static final class StreamResetException extends IOException {

    private static final long serialVersionUID = 1;

    StreamResetException(String name) {
      super("stream reset: " + name);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this; // it tells about a peer, not about a place in our code
    }
  }
}
