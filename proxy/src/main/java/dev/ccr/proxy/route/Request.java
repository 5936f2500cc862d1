package dev.ccr.proxy.route;

import dev.ccr.proxy.model.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * A request as the rules see it.
 *
 * @param trace gets the reasons, or {@code null} if nobody asks for them
 */
record Request(RequestFacts facts, RequestHeaders headers, Tokens tokens, @Nullable Trace trace) {

  /** Notes that a rule decided. */
  void decided(String rule, String why) {
    if (trace != null) {
      trace.add(rule, true, why);
    }
  }

  void missed(String rule, String why) {
    if (trace != null) {
      trace.add(rule, false, why);
    }
  }

  Tokens.Answer noted(String rule, Tokens.Answer answer, String why) {
    if (trace != null && answer != Tokens.Answer.UNKNOWN) {
      trace.add(rule, answer == Tokens.Answer.YES, why);
    }
    return answer;
  }
}
