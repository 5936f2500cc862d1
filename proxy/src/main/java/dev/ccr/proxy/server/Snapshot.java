package dev.ccr.proxy.server;

import dev.ccr.proxy.auth.ClientKeys;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.route.Router;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A configuration and all that is made from it. An exchange keeps the snapshot it began with.
 *
 * @param targets by the provider's name
 */
public record Snapshot(
    Config config,
    ClientKeys keys,
    Router router,
    ModelList models,
    Map<Provider, Target> targets) {

  /** Makes what the handlers need from a configuration. */
  public static Snapshot of(Config config) {
    List<ProviderConfig> providers = config.providers();
    String key = config.server().apiKey().reveal();
    return new Snapshot(
        config,
        new ClientKeys(key.isEmpty() ? List.of() : List.of(key)),
        new Router(
            providers.stream().map(ProviderConfig::provider).toList(),
            config.routes()),
        new ModelList(providers.stream().map(ProviderConfig::provider).toList()),
        providers.stream()
            .collect(Collectors.toUnmodifiableMap(ProviderConfig::provider, Target::of)));
  }

  Target target(Provider provider) {
    Target target = targets.get(provider);
    if (target == null) {
      throw new IllegalArgumentException("a provider of another configuration");
    }
    return target;
  }
}
