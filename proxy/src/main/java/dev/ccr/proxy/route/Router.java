package dev.ccr.proxy.route;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides who answers a request. The first rule that applies wins:
 *
 * <ol>
 *   <li>{@code explicit}: the request names {@code provider,model};
 *   <li>{@code default}: the configured default;
 *   <li>{@code listed}: exactly one provider lists the requested name.
 * </ol>
 *
 * Immutable.
 */
public final class Router {

  private final List<Provider> providers;
  private final @Nullable ModelRef defaultRoute;

  /** @param defaultRoute names one of the providers, or {@code null} for no default */
  public Router(List<Provider> providers, @Nullable ModelRef defaultRoute) {
    this.providers = List.copyOf(providers);
    this.defaultRoute = defaultRoute;
  }

  /**
   * Routes a request.
   *
   * @throws RequestException 404 if nobody is configured to answer it
   */
  public Route route(RequestFacts facts) throws RequestException {
    String requested = facts.model();
    if (requested != null && ModelRef.isExplicit(requested)) {
      return route(explicit(requested), "explicit");
    }
    if (defaultRoute != null) {
      return route(defaultRoute, "default");
    }
    return listed(requested);
  }

  private static ModelRef explicit(String requested) throws RequestException {
    try {
      return ModelRef.parse(requested);
    } catch (IllegalArgumentException e) {
      throw RequestException.invalid("model: " + e.getMessage());
    }
  }

  private Route route(ModelRef ref, String rule) throws RequestException {
    for (Provider provider : providers) {
      if (provider.name().equalsIgnoreCase(ref.provider())) {
        return new Route(provider, ref.model(), rule);
      }
    }
    String names = providers.stream().map(Provider::name).collect(Collectors.joining(", "));
    throw notFound("model: \"" + ref + "\" (expected: a configured provider: " + names + ")");
  }

  private Route listed(@Nullable String requested) throws RequestException {
    List<Provider> listing =
        providers.stream().filter(p -> requested != null && p.models().contains(requested)).toList();
    if (requested == null || listing.size() != 1) {
      throw notFound(
          "model: \"" + (requested == null ? "" : requested) + "\" (expected: provider,model, or a"
              + " Router.default in the configuration, or a name that one provider lists)");
    }
    return new Route(listing.getFirst(), requested, "listed");
  }

  private static RequestException notFound(String message) {
    return new RequestException(ApiErrorType.NOT_FOUND, message);
  }
}
