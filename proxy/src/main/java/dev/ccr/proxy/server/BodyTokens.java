package dev.ccr.proxy.server;

import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.route.Tokens;
import dev.ccr.proxy.tokens.InputMeter;
import dev.ccr.proxy.tokens.Measure;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a request's tokens on the event loop: a body is measured when somebody asks,
 * its texts are read only if its length leaves the answer open, and what is still open is unknown.
 */
final class BodyTokens implements Tokens {

  private final InputMeter meter;
  private final ByteBuf body;
  private @Nullable Measure measure;

  /** @param body borrowed; known to be JSON */
  BodyTokens(InputMeter meter, ByteBuf body) {
    this.meter = meter;
    this.body = body;
  }

  @Override
  public Answer moreThan(long threshold) {
    try {
      return switch (meter.atMost(body, measure(), threshold)) {
        case LONG -> Answer.YES;
        case NOT_LONG -> Answer.NO;
        case UNDECIDED -> Answer.UNKNOWN;
      };
    } catch (JsonSyntaxException e) {
      throw notJson(e);
    }
  }

  /** Measures the body, once. */
  Measure measure() {
    Measure known = measure;
    if (known == null) {
      try {
        known = meter.measure(body);
      } catch (JsonSyntaxException e) {
        throw notJson(e);
      }
      measure = known;
    }
    return known;
  }

  private static IllegalStateException notJson(JsonSyntaxException e) {
    return new IllegalStateException("a body that was scanned is no JSON", e);
  }
}
