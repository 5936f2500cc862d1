package dev.ccr.proxy.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which model serves which kind of request. Every provider named here is configured.
 *
 * @param targets by scenario; one that is missing falls through to the next rule
 * @param rules the configuration's own rules, the first that is met decides
 * @param longContextThreshold more input tokens than this are a long context
 * @param thinkEfforts the efforts with which adaptive thinking asks for the {@code think} model
 * @param fallback what to try after a scenario's own model, in this order
 */
public record Routes(
    Map<Scenario, ModelRef> targets,
    List<RouteRule> rules,
    long longContextThreshold,
    Set<String> thinkEfforts,
    Map<Scenario, List<ModelRef>> fallback) {

  /** Where a context begins to be long if nobody says otherwise, in tokens. */
  public static final long LONG_CONTEXT_THRESHOLD = 60_000;

  /** Clients think adaptively in every request: only a great effort is a wish of its own. */
  public static final Set<String> THINK_EFFORTS = Set.of("xhigh", "max");

  /** No routes at all: only a request that names its provider can be answered. */
  public static final Routes NONE = of(Map.of());

  public Routes {
    targets = Map.copyOf(targets);
    rules = List.copyOf(rules);
    thinkEfforts = Set.copyOf(thinkEfforts);
    fallback = Map.copyOf(fallback);
  }

  /** Routes with nothing but targets. */
  public static Routes of(Map<Scenario, ModelRef> targets) {
    return new Routes(targets, List.of(), LONG_CONTEXT_THRESHOLD, THINK_EFFORTS, Map.of());
  }

  /** The model of a scenario, or {@code null}. */
  public @Nullable ModelRef target(Scenario scenario) {
    return targets.get(scenario);
  }
}
