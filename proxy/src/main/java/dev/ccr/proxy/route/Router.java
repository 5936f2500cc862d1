package dev.ccr.proxy.route;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.ModelTag;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides who answers a request. The first rule that applies wins:
 *
 * <ol>
 *   <li>{@code explicit}: the request names {@code provider,model};
 *   <li>{@code subagent}: a prompt begins with a model tag;
 *   <li>the configuration's own rules, in their order;
 *   <li>{@code image}, {@code longContext}, {@code background}, {@code webSearch}, {@code think}, if
 *       the configuration has a model for them;
 *   <li>{@code default}: the configured default;
 *   <li>{@code listed}: exactly one provider lists the requested name.
 * </ol>
 *
 * Immutable.
 */
public final class Router {

  /** What an alias begins with: clients show only names that have claude in them. */
  public static final String ALIAS = "claude-ccr-";

  private final List<Provider> providers;
  private final Routes routes;
  private final Map<String, List<Route>> fallback; // by the name of the rule
  private final boolean wantsTools;

  /** @param routes name only these providers */
  public Router(List<Provider> providers, Routes routes) {
    this.providers = List.copyOf(providers);
    this.routes = routes;
    Map<String, List<Route>> chains = new HashMap<>();
    routes
        .fallback()
        .forEach((scenario, targets) -> chains.put(scenario.key(), chain(scenario, targets)));
    fallback = Map.copyOf(chains);
    wantsTools = routes.rules().stream().anyMatch(rule -> !rule.tool().equals(Glob.ANY));
  }

  /** Whether a rule asks for the names of a request's tools. */
  public boolean wantsTools() {
    return wantsTools;
  }

  /**
   * Routes a request.
   *
   * @return {@code null} if that depends on how many tokens the request has, and {@code tokens} does
   *     not know
   * @throws RequestException 404 if nobody is configured to answer it
   */
  public @Nullable Route route(RequestFacts facts, RequestHeaders headers, Tokens tokens)
      throws RequestException {
    return route(new Request(facts, headers, tokens, null));
  }

  /** As {@link #route}, and says of each rule that was tried what came of it. */
  public @Nullable Route explain(
      RequestFacts facts, RequestHeaders headers, Tokens tokens, Trace trace)
      throws RequestException {
    return route(new Request(facts, headers, tokens, trace));
  }

  /**
   * Who stands in for whoever a route has chosen, in their order: those that the configuration gives
   * for the scenario that decided. Whoever was asked for by name has none.
   */
  public List<Route> fallback(Route route) {
    List<Route> chain = fallback.getOrDefault(route.rule(), List.of());
    return chain.contains(route)
        ? chain.stream().filter(each -> !each.equals(route)).toList()
        : chain;
  }

  private List<Route> chain(Scenario scenario, List<ModelRef> targets) {
    List<Route> chain = new ArrayList<>();
    for (ModelRef ref : targets) {
      Provider provider = provider(ref.provider());
      if (provider != null) { // it is: the configuration was checked
        chain.add(new Route(provider, ref.model(), scenario.key()));
      }
    }
    return List.copyOf(chain);
  }

  private @Nullable Route route(Request request) throws RequestException {
    String requested = request.facts().model();
    if (requested != null && ModelRef.isExplicit(requested)) {
      Route route = route(explicit(requested), "explicit");
      request.decided("explicit", "model \"" + requested + "\" names a provider");
      return route;
    }
    request.missed("explicit", "the model names no provider");
    Route route = tagged(request);
    if (route != null) {
      return route;
    }
    for (RouteRule rule : routes.rules()) {
      switch (RuleCheck.check(rule, request)) {
        case YES -> {
          return route(rule.target(), rule.name());
        }
        case UNKNOWN -> {
          return null;
        }
        case NO -> {}
      }
    }
    for (ScenarioRule rule : ScenarioRule.values()) {
      ModelRef target = routes.target(rule.scenario());
      if (target == null) {
        request.missed(rule.scenario().key(), "the configuration has no model for it");
        continue;
      }
      switch (rule.check(request, routes)) {
        case YES -> {
          return route(target, rule.scenario().key());
        }
        case UNKNOWN -> {
          return null;
        }
        case NO -> {}
      }
    }
    ModelRef target = routes.target(Scenario.DEFAULT);
    if (target != null) {
      request.decided(Scenario.DEFAULT.key(), "nothing before it applies");
      return route(target, Scenario.DEFAULT.key());
    }
    request.missed(Scenario.DEFAULT.key(), "the configuration has no model for it");
    return listed(requested, request);
  }

  private @Nullable Route tagged(Request request) {
    ModelTag tag = request.facts().traits().tag();
    if (tag == null) {
      request.missed("subagent", "no prompt begins with a model tag");
      return null;
    }
    ModelRef ref = ModelRef.isExplicit(tag.target()) ? parsed(tag.target()) : null;
    Provider provider = ref == null ? null : provider(ref.provider());
    if (ref == null || provider == null || !provider.allows(ref.model())) {
      request.missed(
          "subagent", "the tag \"" + tag.target() + "\" names no model of a configured provider");
      return null;
    }
    request.decided("subagent", "a prompt begins with the tag of " + ref);
    return new Route(provider, ref.model(), "subagent");
  }

  private static @Nullable ModelRef parsed(String text) {
    try {
      return ModelRef.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private ModelRef explicit(String requested) throws RequestException {
    try {
      ModelRef ref = ModelRef.parse(requested);
      boolean alias = ref.provider().toLowerCase(Locale.ROOT).startsWith(ALIAS);
      return alias && provider(ref.provider()) == null
          ? new ModelRef(ref.provider().substring(ALIAS.length()), ref.model())
          : ref;
    } catch (IllegalArgumentException e) {
      throw RequestException.invalid("model: " + e.getMessage());
    }
  }

  private Route route(ModelRef ref, String rule) throws RequestException {
    Provider provider = provider(ref.provider());
    if (provider == null) {
      String names = providers.stream().map(Provider::name).collect(Collectors.joining(", "));
      throw notFound("model: \"" + ref + "\" (expected: a configured provider: " + names + ")");
    }
    if (!provider.allows(ref.model())) {
      throw notFound(
          "model: \"" + ref + "\" (expected: one that the provider's model_whitelist allows: "
              + String.join(", ", provider.modelWhitelist()) + ")");
    }
    return new Route(provider, ref.model(), rule);
  }

  private @Nullable Provider provider(String name) {
    for (Provider provider : providers) {
      if (provider.name().equalsIgnoreCase(name)) {
        return provider;
      }
    }
    return null;
  }

  private Route listed(@Nullable String requested, Request request) throws RequestException {
    List<Provider> listing =
        providers.stream()
            .filter(p -> requested != null && p.models().contains(requested))
            .filter(p -> p.allows(String.valueOf(requested)))
            .toList();
    if (requested == null || listing.size() != 1) {
      request.missed("listed", listing.size() + " providers list the model");
      throw notFound(
          "model: \"" + (requested == null ? "" : requested) + "\" (expected: provider,model, or a"
              + " Router.default in the configuration, or a name that one provider lists)");
    }
    request.decided("listed", "only this provider lists the model");
    return new Route(listing.getFirst(), requested, "listed");
  }

  private static RequestException notFound(String message) {
    return new RequestException(ApiErrorType.NOT_FOUND, message);
  }
}
