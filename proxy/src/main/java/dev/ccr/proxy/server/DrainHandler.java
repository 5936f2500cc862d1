package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.server.Drain.Stage;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes leave of one client when the router ends: lets its answer finish, says that no other will
 * come on this connection, and closes it. It stands where one request comes at a time.
 */
final class DrainHandler extends ChannelDuplexHandler {

  /** A request may be on its way, or in the kernel, when its connection is found idle. */
  private static final long LINGER_MILLIS = 10;

  /** A client that has just connected has something to say. */
  private static final long NEWCOMER_MILLIS = 1_000;

  /** So long an error may take to reach a client that does not read. */
  private static final long LAST_WORDS_MILLIS = 500;

  private static final String RETRY_AFTER_SECONDS = "1"; // another router may be there already

  private final Drain drain;

  /** A request has come and its answer is not complete. */
  private boolean open;

  private boolean refused;

  /** Done once all of the last answer has left, also by the flow control of HTTP/2. */
  private @Nullable ChannelFuture lastWritten;

  DrainHandler(Drain drain) {
    this.drain = drain;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    drain.add(ctx.channel());
    if (isAtLeast(Stage.DRAINING)) { // it was in the queue of the listening socket
      closeIfIdle(ctx, NEWCOMER_MILLIS);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpRequest request) {
      open = true;
      refused = isAtLeast(Stage.DRAINING) && !asks(request) && request.decoderResult().isSuccess();
      if (refused && HttpUtil.is100ContinueExpected(request)) {
        throw leaving();
      }
    }
    if (!refused) {
      ctx.fireChannelRead(msg);
      return;
    }
    ReferenceCountUtil.release(msg);
    if (msg instanceof LastHttpContent && open) { // a client that writes does not read
      throw leaving();
    }
  }

  /** Who asks for health or figures still may. */
  private static boolean asks(HttpRequest request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    boolean interim = false;
    if (msg instanceof HttpResponse response) {
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (!interim && isAtLeast(Stage.LEAVING)) {
        HttpUtil.setKeepAlive(response, false);
        if (refused) {
          response.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
      }
    }
    boolean last = msg instanceof LastHttpContent && !interim;
    ChannelPromise written = last ? promise.unvoid() : promise;
    ctx.write(msg, written);
    if (last) {
      lastWritten = written;
      open = false;
      if (isAtLeast(Stage.DRAINING)) { // its head may have left before that
        closeIfIdle(ctx, LINGER_MILLIS);
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ctx.fireUserEventTriggered(event); // whoever answers may complete what is complete
    if (event == Stage.DRAINING) {
      closeIfIdle(ctx, LINGER_MILLIS);
    } else if (event == Stage.OVER && open) {
      ctx.fireExceptionCaught(leaving());
      ctx.executor().schedule(() -> ctx.close(), LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    } else if (event == Stage.OVER) {
      close(ctx);
    }
  }

  private void closeIfIdle(ChannelHandlerContext ctx, long millis) {
    ctx.executor()
        .schedule(
            () -> {
              if (!open) {
                close(ctx);
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  /** Once all that was written has left: the client may be slow. */
  private void close(ChannelHandlerContext ctx) {
    ChannelFuture written = lastWritten;
    if (written == null) {
      ctx.close();
    } else {
      written.addListener(done -> ctx.close());
    }
  }

  private boolean isAtLeast(Stage stage) {
    return drain.stage().compareTo(stage) >= 0;
  }

  private static RequestException leaving() {
    return new RequestException(ApiErrorType.OVERLOADED, "the router is shutting down");
  }
}
