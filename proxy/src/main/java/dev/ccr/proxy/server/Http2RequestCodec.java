package dev.ccr.proxy.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Makes the request of a stream what the line knows, and the line's answer frames. A request that
 * is malformed in a way that the frame codec lets pass resets the stream (RFC 9113, section 8.1.1).
 * One a stream.
 */
final class Http2RequestCodec extends Http2StreamFrameToHttpObjectCodec {

  private boolean begun;
  private boolean refused;
  private boolean headOnly;
  private boolean answered;

  Http2RequestCodec() {
    super(true);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, Http2StreamFrame frame, List<Object> out) {
    if (refused) {
      return;
    }
    try {
      if (frame instanceof Http2HeadersFrame head && !begun) {
        begun = true;
        begin(ctx, head, out);
      } else {
        super.decode(ctx, frame, out);
      }
    } catch (Exception e) { // a method, a field or a host that HTTP/1.1 could not say either
      refuse(ctx);
    }
  }

  /** An answer to HEAD has no content, whoever writes it (RFC 9110, section 9.3.2). */
  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    if (!headOnly) {
      super.write(ctx, msg, promise);
    } else if (msg instanceof HttpResponse response
        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      answered = true;
      HttpResponse bare =
          new DefaultFullHttpResponse(
              response.protocolVersion(),
              response.status(),
              Unpooled.EMPTY_BUFFER,
              response.headers(),
              EmptyHttpHeaders.INSTANCE);
      ReferenceCountUtil.release(msg);
      super.write(ctx, bare, promise);
    } else if (answered) {
      ReferenceCountUtil.release(msg);
      promise.trySuccess();
    } else {
      super.write(ctx, msg, promise);
    }
  }

  private void begin(ChannelHandlerContext ctx, Http2HeadersFrame head, List<Object> out)
      throws Exception {
    headOnly = HttpMethod.HEAD.asciiName().contentEquals(head.headers().method());
    if (!isWellFormed(head.headers())) {
      refuse(ctx);
    } else if (head.isEndStream()) { // the line takes requests in parts
      out.add(HttpConversionUtil.toHttpRequest(head.stream().id(), head.headers(), true));
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      super.decode(ctx, head, out);
    }
  }

  private void refuse(ChannelHandlerContext ctx) {
    refused = true;
    ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
  }

  /** Sections 8.3.1 and 8.5: the path is absolute, but for two methods. */
  private static boolean isWellFormed(Http2Headers headers) {
    CharSequence path = headers.path();
    if (HttpMethod.CONNECT.asciiName().contentEquals(headers.method())) {
      return path == null;
    }
    return path != null
        && (path.charAt(0) == '/'
            || (HttpMethod.OPTIONS.asciiName().contentEquals(headers.method())
                && path.length() == 1
                && path.charAt(0) == '*'));
  }
}
