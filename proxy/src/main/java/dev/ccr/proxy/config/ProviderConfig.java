package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Provider;
import java.util.List;

/**
 * A provider and what opens it.
 *
 * @param apiKeys at least one, as good as each other; a single one may be empty, since servers on
 *     one's own machine often want none
 * @param outbound what it says of the connections to it
 */
public record ProviderConfig(Provider provider, List<Secret> apiKeys, Outbound outbound) {

  public ProviderConfig {
    apiKeys = List.copyOf(apiKeys);
  }

  public ProviderConfig(Provider provider, Secret apiKey) {
    this(provider, List.of(apiKey));
  }

  public ProviderConfig(Provider provider, List<Secret> apiKeys) {
    this(provider, apiKeys, Outbound.UNSAID);
  }

  /** The key that is used: the first. */
  public Secret apiKey() {
    return apiKeys.getFirst();
  }
}
