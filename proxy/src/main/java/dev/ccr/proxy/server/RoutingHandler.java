package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.ModelTag;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.route.RequestHeaders;
import dev.ccr.proxy.route.RequestScan;
import dev.ccr.proxy.route.Router;
import dev.ccr.proxy.route.Tokens;
import dev.ccr.proxy.route.Trace;
import dev.ccr.proxy.tokens.InputMeter;
import dev.ccr.proxy.tokens.TokenCounter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where an exchange goes. That a request is a long context may have to be counted: then the
 * exchange waits, and its event loop does not.
 */
final class RoutingHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(RoutingHandler.class);

  private final TokenCounter counter;

  RoutingHandler(TokenCounter counter) {
    this.counter = counter;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof Exchange exchange) {
      boolean keeps = false;
      try {
        RequestFacts facts = facts(exchange);
        BodyTokens tokens = new BodyTokens(InputMeter.ofThisThread(), exchange.body());
        boolean decided = decide(exchange, facts, tokens);
        keeps = true;
        if (!decided) {
          counter.count(
              exchange.body(),
              tokens.measure(),
              ctx.executor(),
              count -> counted(ctx, exchange, facts, count.tokens()));
          return;
        }
      } finally {
        if (!keeps) {
          exchange.release();
        }
      }
    }
    ctx.fireChannelRead(msg);
  }

  /** The exchange has waited for this; its client may have left meanwhile. */
  private static void counted(
      ChannelHandlerContext ctx, Exchange exchange, RequestFacts facts, long tokens) {
    if (!ctx.channel().isActive()) {
      exchange.release();
      return;
    }
    LOG.debug("{}: {} input tokens counted", exchange.log().requestId(), tokens);
    try {
      if (!decide(exchange, facts, Tokens.of(tokens))) {
        throw new IllegalStateException("a route that no count decides");
      }
    } catch (RequestException | RuntimeException e) {
      exchange.release();
      ctx.fireExceptionCaught(e);
      return;
    }
    ctx.fireChannelRead(exchange);
  }

  private RequestFacts facts(Exchange exchange) throws RequestException {
    RequestFacts facts =
        RequestScan.ofThisThread()
            .scan(exchange.body(), exchange.snapshot().router().wantsTools());
    ModelTag tag = facts.traits().tag();
    if (tag == null) {
      return facts;
    }
    exchange.cut(tag.start(), tag.end()); // it is for the router: no model is to read it
    return facts.withoutTag();
  }

  /** Gives the exchange its route; {@code false} if that depends on tokens that are not known. */
  private static boolean decide(Exchange exchange, RequestFacts facts, Tokens tokens)
      throws RequestException {
    Route route;
    try {
      route = route(exchange, facts, tokens);
    } catch (RequestException e) {
      if (exchange.endpoint() == Endpoint.COUNT_TOKENS
          && e.type() == ApiErrorType.NOT_FOUND) {
        return true; // its tokens can be counted all the same
      }
      throw e;
    }
    if (route != null) {
      exchange.route(facts, route);
    }
    return route != null;
  }

  private static @Nullable Route route(Exchange exchange, RequestFacts facts, Tokens tokens)
      throws RequestException {
    Router router = exchange.snapshot().router();
    RequestHeaders headers = name -> exchange.head().headers().get(name);
    Route route =
        LOG.isDebugEnabled()
            ? explained(exchange, router, facts, headers, tokens)
            : router.route(facts, headers, tokens);
    ModelTag tag = facts.traits().tag();
    if (tag != null && route != null && !route.rule().equals("subagent")) {
      LOG.warn(
          "{}: the model tag \"{}\" has no effect: rule {} decided",
          exchange.log().requestId(),
          HeaderText.of(tag.target()),
          route.rule());
    }
    return route;
  }

  /** Decides too, and tells the log why. Reasons have names and numbers, of headers no values. */
  private static @Nullable Route explained(
      Exchange exchange, Router router, RequestFacts facts, RequestHeaders headers, Tokens tokens)
      throws RequestException {
    Trace trace = new Trace();
    try {
      return router.explain(facts, headers, tokens, trace);
    } finally {
      String why =
          trace.steps().stream()
              .map(step -> step.rule() + (step.decided() ? " decides: " : ": ") + step.why())
              .collect(Collectors.joining("; "));
      LOG.debug("{}: route: {}", exchange.log().requestId(), HeaderText.line(why));
    }
  }
}
