package dev.ccr.proxy.server;

import dev.ccr.proxy.claude.ErrorBody;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.Limit;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a failure becomes a Claude error. Before the first byte of an answer it is a
 * status and JSON; inside an event stream an {@code error} event, which ends it; inside anything
 * else the connection breaks, since no client could tell an error from content.
 *
 * <p>It stands last in the pipeline, so that it sees the answer that the others write.
 */
final class ErrorReply extends ChannelDuplexHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorReply.class);

  private enum Answer {
    /** No request, or one without a byte of answer yet. */
    NONE,
    EVENT_STREAM,
    OTHER
  }

  private final RequestLog log;
  private Answer answer = Answer.NONE;
  private @Nullable RequestException refusal;
  private long retryAfterSeconds; // of an upstream that is down

  ErrorReply(RequestLog log) {
    this.log = log;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof HttpResponse response
        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
      answer = Headers.isEventStream(type) ? Answer.EVENT_STREAM : Answer.OTHER;
    }
    if (msg instanceof LastHttpContent) {
      answer = Answer.NONE;
    }
    ctx.write(msg, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Failure failure) {
      boolean cut = answer != Answer.NONE && !(failure instanceof RequestException);
      log.outcome(
          cut ? RequestLog.UPSTREAM_CUT : failure.type().wireName(), failure.words());
      String message = log.withoutKeys(failure.getMessage());
      refusal = failure instanceof RequestException refused ? refused : null;
      if (refusal != null && refusal.limit() != null) {
        log.refused(refusal.limit());
      }
      retryAfterSeconds =
          failure instanceof UpstreamException upstream ? upstream.retryAfterSeconds() : 0;
      reply(ctx, failure.status(), failure.type(), message, failure.details());
    } else if (cause instanceof IOException || isTls(cause)) { // the client's connection broke
      ctx.close();
    } else {
      LOG.error("{}: a bug in the router", log.requestId(), cause);
      log.outcome(RequestLog.INTERNAL_ERROR, "");
      refusal = null;
      retryAfterSeconds = 0;
      reply(
          ctx,
          ApiErrorType.API.status(),
          ApiErrorType.API,
          "the router failed; its log says more under " + log.requestId(),
          "");
    }
  }

  /** What cannot be decrypted comes wrapped. */
  private static boolean isTls(Throwable cause) {
    return cause instanceof DecoderException && cause.getCause() instanceof SSLException;
  }

  private void reply(
      ChannelHandlerContext ctx, int status, ApiErrorType type, String message, String details) {
    ByteBuf body = ctx.alloc().buffer(256);
    switch (answer) {
      case NONE -> {
        ErrorBody.writeJson(type, message, details, log.requestId(), body);
        write(ctx, whole(status, body), ctx.newPromise());
      }
      case EVENT_STREAM -> {
        ErrorBody.writeEvent(type, message, log.requestId(), body);
        write(ctx, new DefaultHttpContent(body), ctx.newPromise());
        write(ctx, LastHttpContent.EMPTY_LAST_CONTENT, ctx.newPromise());
      }
      case OTHER -> {
        body.release();
        ctx.close();
      }
    }
    ctx.flush();
  }

  private FullHttpResponse whole(int status, ByteBuf body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    if (status == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) { // RFC 9110, section 15.5.6
      response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.POST);
    }
    long after = refusal == null ? retryAfterSeconds : refusal.retryAfterSeconds();
    if (after > 0) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, after);
    }
    if (refusal != null && refusal.limit() == Limit.CONNECTIONS) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    Headers.describe(log, response.headers());
    return response;
  }
}
