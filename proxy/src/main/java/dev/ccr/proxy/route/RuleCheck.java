package dev.ccr.proxy.route;

import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.route.Tokens.Answer;
import java.util.Map;

/** Whether a request meets a rule of the configuration's own. */
final class RuleCheck {

  private RuleCheck() {}

  /** Tokens are asked for last: they are the only condition whose answer may have to wait. */
  static Answer check(RouteRule rule, Request request) {
    String requested = request.facts().model();
    String model = requested == null ? "" : requested;
    if (!rule.model().matches(model)) {
      return no(rule, request, "model \"" + model + "\" is not " + rule.model());
    }
    for (Map.Entry<String, Glob> header : rule.headers().entrySet()) {
      String value = request.headers().get(header.getKey());
      if (value == null || !header.getValue().matches(value)) {
        return no(rule, request, "header " + header.getKey() + " is not " + header.getValue());
      }
    }
    if (!rule.tool().equals(Glob.ANY)
        && request.facts().traits().tools().stream().noneMatch(rule.tool()::matches)) {
      return no(rule, request, "no tool is " + rule.tool());
    }
    return tokens(rule, request);
  }

  private static Answer tokens(RouteRule rule, Request request) {
    if (rule.minTokens() > 0) {
      Answer enough = request.tokens().moreThan(rule.minTokens() - 1);
      if (enough != Answer.YES) {
        return request.noted(
            rule.name(), enough, "fewer than " + rule.minTokens() + " tokens");
      }
    }
    if (rule.maxTokens() < Long.MAX_VALUE) {
      Answer tooMany = request.tokens().moreThan(rule.maxTokens());
      if (tooMany == Answer.UNKNOWN) {
        return Answer.UNKNOWN;
      }
      if (tooMany == Answer.YES) {
        return no(rule, request, "more than " + rule.maxTokens() + " tokens");
      }
    }
    return request.noted(rule.name(), Answer.YES, "all its conditions are met");
  }

  private static Answer no(RouteRule rule, Request request, String why) {
    return request.noted(rule.name(), Answer.NO, why);
  }
}
