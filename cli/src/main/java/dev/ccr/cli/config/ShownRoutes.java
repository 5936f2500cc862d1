package dev.ccr.cli.config;

import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Prints the routes for {@code ccr config show}: those that are set, a line each. */
final class ShownRoutes {

  private ShownRoutes() {}

  static void print(Routes routes, PrintWriter out) {
    if (!routes.equals(Routes.NONE)) {
      out.println("Router:");
    }
    for (Scenario scenario : Scenario.values()) {
      ModelRef target = routes.target(scenario);
      if (target != null) {
        ShowCommand.line(out, scenario.key(), target.toString());
      }
    }
    if (routes.longContextThreshold() != Routes.LONG_CONTEXT_THRESHOLD) {
      ShowCommand.line(
          out, "longContextThreshold", String.valueOf(routes.longContextThreshold()));
    }
    if (!routes.thinkEfforts().equals(Routes.THINK_EFFORTS)) {
      ShowCommand.line(
          out,
          "thinkEfforts",
          routes.thinkEfforts().stream().sorted().collect(Collectors.joining(", ")));
    }
    for (RouteRule rule : routes.rules()) {
      ShowCommand.line(out, "rule " + rule.name(), rule.target() + conditions(rule));
    }
    for (Scenario scenario : Scenario.values()) {
      List<ModelRef> chain = routes.fallback().getOrDefault(scenario, List.of());
      if (!chain.isEmpty()) {
        ShowCommand.line(
            out,
            "fallback " + scenario.key(),
            chain.stream().map(ModelRef::toString).collect(Collectors.joining(" then ")));
      }
    }
  }

  private static String conditions(RouteRule rule) {
    List<String> conditions = new ArrayList<>();
    add("model", rule.model(), conditions);
    add("tool", rule.tool(), conditions);
    for (String header : rule.headers().keySet().stream().sorted().toList()) {
      conditions.add(header + ": " + rule.headers().getOrDefault(header, Glob.ANY).pattern());
    }
    if (rule.minTokens() > 0) {
      conditions.add("at least " + rule.minTokens() + " tokens");
    }
    if (rule.maxTokens() < Long.MAX_VALUE) {
      conditions.add("at most " + rule.maxTokens() + " tokens");
    }
    return conditions.isEmpty() ? "" : " if " + String.join(" and ", conditions);
  }

  private static void add(String name, Glob pattern, List<String> conditions) {
    if (!pattern.equals(Glob.ANY)) {
      conditions.add(name + " " + pattern.pattern());
    }
  }
}
