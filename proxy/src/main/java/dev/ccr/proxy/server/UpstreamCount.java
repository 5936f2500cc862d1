package dev.ccr.proxy.server;

import dev.ccr.proxy.attempt.KeyPool;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
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
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the Claude API how many tokens a request has. Whatever goes wrong is no answer: whoever asks
 * has another. One a question; on the event loop of its pool.
 */
final class UpstreamCount extends ChannelInboundHandlerAdapter {

  /** What {@link #answer} gets if there is none. */
  static final long NONE = -1;

  /** A count has some thirty bytes. */
  private static final int MAX_BYTES = 4096;

  /** Counting here takes half a second at most: waiting longer for another's count is no help. */
  private static final long PATIENCE_MILLIS = 3_000;

  private final UpstreamPool pool;
  private final Target target;
  private final KeyPool.Turn key;
  private final LongConsumer answer;
  private final ChannelFutureListener left = closed -> giveUp();
  private @Nullable Channel client;
  private @Nullable Future<?> deadline;
  private @Nullable Future<Channel> connecting;
  private @Nullable Channel upstream;
  private @Nullable ByteBuf body;
  private boolean counted;
  private boolean interim;
  private boolean reusable;
  private boolean requestWritten;
  private boolean over;

  /**
   * @param key with which the request is made
   * @param answer called once with the number of tokens, or with {@link #NONE}
   */
  UpstreamCount(UpstreamPool pool, Target target, KeyPool.Turn key, LongConsumer answer) {
    this.key = key;
    this.pool = pool;
    this.target = target;
    this.answer = answer;
  }

  /**
   * Asks.
   *
   * @param request taken
   * @param client whose departure ends the question
   */
  void start(FullHttpRequest request, Limits limits, Channel client) {
    this.client = client;
    client.closeFuture().addListener(left);
    deadline =
        client.eventLoop().schedule(this::giveUp, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    connecting = pool.acquire(target.origin(), limits);
    connecting.addListener((Future<Channel> connected) -> connected(connected, request));
  }

  private void connected(Future<Channel> connected, FullHttpRequest request) {
    if (!connected.isSuccess()) {
      request.release();
      end(NONE);
    } else if (over) {
      request.release();
      pool.release(target.origin(), connected.getNow());
    } else {
      Channel channel = connected.getNow();
      upstream = channel;
      channel.pipeline().addLast(this);
      channel.config().setAutoRead(true);
      channel
          .writeAndFlush(request)
          .addListener(
              written -> {
                requestWritten = written.isSuccess();
                if (!requestWritten) {
                  giveUp();
                }
              });
    }
  }

  private void giveUp() {
    if (!over && upstream != null) {
      upstream.close();
    }
    if (connecting != null) {
      connecting.cancel(false);
    }
    end(NONE);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (over || (msg instanceof HttpObject part && part.decoderResult().isFailure())) {
        fail(ctx);
      } else {
        if (msg instanceof HttpResponse head) {
          begin(ctx, head);
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
    end(NONE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx);
  }

  private void begin(ChannelHandlerContext ctx, HttpResponse head) {
    if (head.status().codeClass() == HttpStatusClass.CLIENT_ERROR) {
      key.answered(
          head.status().code(),
          Headers.retryAfterNanos(head.headers()),
          ctx.executor().ticker().nanoTime());
    }
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
      long tokens = counted ? tokens(collected) : NONE;
      ctx.pipeline().remove(this);
      if (reusable && requestWritten) { // else some of the request may be on its way yet
        pool.release(target.origin(), ctx.channel());
      } else {
        ctx.close();
      }
      end(tokens);
    }
  }

  /** The figure in {@code {"input_tokens":N}}; a gateway may say all sorts of things with 200. */
  private static long tokens(ByteBuf json) {
    JsonCursor at = new JsonCursor();
    at.reset(json.nioBuffer(0, json.writerIndex()), json.readerIndex(), json.writerIndex());
    long tokens = NONE;
    try {
      at.enterObject();
      while (at.nextField()) {
        if (at.keyIs("input_tokens")) {
          tokens = at.readLong();
        } else {
          at.skipValue();
        }
      }
      at.end();
      return Math.max(NONE, tokens);
    } catch (JsonSyntaxException e) {
      return NONE;
    }
  }

  private void fail(ChannelHandlerContext ctx) {
    ctx.close();
    end(NONE);
  }

  private void end(long tokens) {
    if (over) {
      return;
    }
    over = true;
    if (client != null && deadline != null) { // a connection may ask many times
      client.closeFuture().removeListener(left);
      deadline.cancel(false);
    }
    if (body != null) {
      body.release();
      body = null;
    }
    answer.accept(tokens);
  }
}
