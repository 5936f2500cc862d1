package dev.ccr.proxy.server;

import dev.ccr.proxy.attempt.KeyPool;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.tokens.InputMeter;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.UpstreamPool;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Answers how many input tokens a request has, always: the Claude API is asked if the request would
 * go there; if it does not say, and for everybody else, the router counts by itself.
 *
 * @see <a href="https://docs.claude.com/en/api/messages-count-tokens">Count message tokens</a>
 */
final class CountTokensHandler extends ChannelInboundHandlerAdapter {

  private final UpstreamPool pool;
  private final TokenCounter counter;

  CountTokensHandler(UpstreamPool pool, TokenCounter counter) {
    this.pool = pool;
    this.counter = counter;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (!(msg instanceof Exchange exchange) || exchange.endpoint() != Endpoint.COUNT_TOKENS) {
      ctx.fireChannelRead(msg);
      return;
    }
    if (exchange.isRouted()) {
      Target target = exchange.snapshot().target(exchange.route().provider());
      if (target.codec().speaksClaude()) {
        ask(ctx, exchange, target);
        return;
      }
    }
    count(ctx, exchange);
  }

  private void ask(ChannelHandlerContext ctx, Exchange exchange, Target target)
      throws RequestException {
    FullHttpRequest request;
    KeyPool.Turn key = target.health().keys().turn(ctx.executor().ticker().nanoTime());
    try {
      request =
          UpstreamRequest.of(
              exchange,
              target,
              key.secret(),
              target
                  .codec()
                  .open(exchange.facts(), exchange.route().model(), Long.MAX_VALUE),
              target.countPathWith(RequestPath.query(exchange.head().uri())),
              ctx.alloc());
    } catch (RequestException | RuntimeException e) {
      exchange.release();
      throw e;
    }
    new UpstreamCount(
            pool,
            target,
            key,
            tokens -> {
              if (tokens == UpstreamCount.NONE && ctx.channel().isActive()) {
                count(ctx, exchange);
              } else {
                answer(ctx, exchange, tokens);
              }
            })
        .start(request, exchange.snapshot().config().limits(), ctx.channel());
  }

  private void count(ChannelHandlerContext ctx, Exchange exchange) {
    try {
      counter.count(
          exchange.body(),
          InputMeter.ofThisThread().measure(exchange.body()),
          ctx.executor(),
          count -> answer(ctx, exchange, count.tokens()));
    } catch (JsonSyntaxException e) {
      exchange.release();
      throw new IllegalStateException("a body that was scanned is no JSON", e);
    }
  }

  /** @param exchange taken; its client may have left meanwhile */
  private static void answer(ChannelHandlerContext ctx, Exchange exchange, long tokens) {
    exchange.release();
    if (!ctx.channel().isActive()) {
      return;
    }
    ByteBuf json = ctx.alloc().buffer(32);
    ByteBufUtil.writeAscii(json, "{\"input_tokens\":" + tokens + "}");
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, json);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, json.readableBytes());
    Headers.describe(exchange.log(), response.headers());
    ctx.writeAndFlush(response);
  }
}
