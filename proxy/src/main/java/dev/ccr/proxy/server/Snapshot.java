package dev.ccr.proxy.server;

import dev.ccr.proxy.attempt.ProviderHealth;
import dev.ccr.proxy.auth.ClientKeys;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.config.Server;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.route.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration and all that is made from it. An exchange keeps the snapshot it began with.
 *
 * @param targets by the provider's name
 * @param named the models that the configuration names somewhere
 */
public record Snapshot(
    Config config,
    ClientKeys keys,
    Router router,
    ModelList models,
    Map<Provider, Target> targets,
    Set<String> named) {

  /** Shorter ones may be in any text. */
  private static final int SHORTEST_KEY = 8;

  /** Makes what the handlers need from a configuration. */
  public static Snapshot of(Config config) {
    return of(config, Map.of());
  }

  /** The same for the configuration that follows; what is known of providers that stay is kept. */
  public Snapshot next(Config following) {
    return of(following, targets);
  }

  private static Snapshot of(Config config, Map<Provider, Target> before) {
    List<ProviderConfig> providers = config.providers();
    return new Snapshot(
        config,
        keys(config.server()),
        new Router(
            providers.stream().map(ProviderConfig::provider).toList(),
            config.routes()),
        new ModelList(providers.stream().map(ProviderConfig::provider).toList()),
        providers.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    ProviderConfig::provider,
                    each ->
                        Target.of(
                            each,
                            config.way(each),
                            ProviderHealth.of(each, config.circuit(), health(each, before))))),
        named(config));
  }

  private static @Nullable ProviderHealth health(
      ProviderConfig config, Map<Provider, Target> before) {
    String name = config.provider().name();
    for (Map.Entry<Provider, Target> each : before.entrySet()) {
      if (each.getKey().name().equalsIgnoreCase(name)) {
        return each.getValue().health();
      }
    }
    return null;
  }

  private static ClientKeys keys(Server server) {
    List<ClientKeys.Known> known = new ArrayList<>();
    if (!server.apiKey().isEmpty()) {
      known.add(ClientKeys.Known.unnamed(server.apiKey().sha256()));
    }
    server
        .clientKeys()
        .forEach(each -> known.add(new ClientKeys.Known(each.sha256(), each.client())));
    return ClientKeys.of(known);
  }

  /** Whether the configuration has a model of that name, at whatever provider. */
  boolean isNamed(String model) {
    return named.contains(model);
  }

  /** A text without the keys that a provider may quote: its own, and those of the router. */
  String withoutKeys(String text, Provider provider) {
    String without = text;
    List<Secret> keys = new ArrayList<>(target(provider).provider().apiKeys());
    keys.add(config.server().apiKey());
    config.server().clientKeys().forEach(each -> keys.add(each.key()));
    for (Secret key : keys) {
      if (key.reveal().length() >= SHORTEST_KEY) {
        without = without.replace(key.reveal(), key.toString());
      }
    }
    return without;
  }

  private static Set<String> named(Config config) {
    Routes routes = config.routes();
    return Stream.of(
            config.providers().stream().flatMap(each -> each.provider().models().stream()),
            routes.targets().values().stream().map(ModelRef::model),
            routes.rules().stream().map(rule -> rule.target().model()),
            routes.fallback().values().stream().flatMap(List::stream).map(ModelRef::model))
        .flatMap(names -> names)
        .collect(Collectors.toUnmodifiableSet());
  }

  Target target(Provider provider) {
    Target target = targets.get(provider);
    if (target == null) {
      throw new IllegalArgumentException("a provider of another configuration");
    }
    return target;
  }
}
