package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the Claude API how many tokens a request has. Whatever goes wrong is no answer: whoever asks
 * has another. One a question; on the event loop of its pool.
 */
final class UpstreamCount extends ChannelInboundHandlerAdapter {

  /** A count has some thirty bytes. */
  private static final int MAX_BYTES = 4096;

  private final UpstreamPool pool;
  private final Target target;
  private final Consumer<@Nullable ByteBuf> answer;
  private @Nullable ByteBuf body;
  private boolean counted;
  private boolean interim;
  private boolean reusable;
  private boolean over;

  /**
   * @param answer called once with the JSON of the answer, which it takes, or with {@code null}
   */
  UpstreamCount(UpstreamPool pool, Target target, Consumer<@Nullable ByteBuf> answer) {
    this.pool = pool;
    this.target = target;
    this.answer = answer;
  }

  /** @param request taken */
  void start(FullHttpRequest request, Limits limits) {
    pool.acquire(target.origin(), limits)
        .addListener(
            (Future<Channel> connected) -> {
              if (!connected.isSuccess()) {
                request.release();
                end(false);
                return;
              }
              Channel channel = connected.getNow();
              channel.pipeline().addLast(this);
              channel.config().setAutoRead(true);
              channel
                  .writeAndFlush(request)
                  .addListener(
                      written -> {
                        if (!written.isSuccess()) {
                          channel.pipeline().fireExceptionCaught(written.cause());
                        }
                      });
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (over || (msg instanceof HttpObject part && part.decoderResult().isFailure())) {
        fail(ctx);
      } else {
        if (msg instanceof HttpResponse head) {
          begin(head);
        }
        if (msg instanceof HttpContent content) {
          add(ctx, content);
        }
      }
    } finally {
      ReferenceCountUtil.release(msg); // taken from the pipeline
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx);
  }

  private void begin(HttpResponse head) {
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    reusable = HttpUtil.isKeepAlive(head);
    counted =
        head.status().equals(HttpResponseStatus.OK)
            && head.headers().get(HttpHeaderNames.CONTENT_TYPE, "").contains("json");
  }

  private void add(ChannelHandlerContext ctx, HttpContent content) {
    ByteBuf collected = body == null ? ctx.alloc().buffer(64) : body;
    body = collected;
    if (collected.readableBytes() + content.content().readableBytes() > MAX_BYTES) {
      fail(ctx);
      return;
    }
    collected.writeBytes(content.content());
    if (content instanceof LastHttpContent && !interim) {
      ctx.pipeline().remove(this);
      if (reusable) {
        pool.release(target.origin(), ctx.channel());
      } else {
        ctx.close();
      }
      end(counted);
    }
  }

  private void fail(ChannelHandlerContext ctx) {
    ctx.close();
    end(false);
  }

  private void end(boolean answered) {
    if (over) {
      return;
    }
    over = true;
    ByteBuf collected = body;
    body = null;
    if (answered) {
      answer.accept(collected);
    } else {
      if (collected != null) {
        collected.release();
      }
      answer.accept(null);
    }
  }
}
