package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Provider;
import java.util.List;

/**
 * A provider and what opens it.
 *
 * @param keys at least one, as good as each other; a single one may be empty, since servers on
 *     one's own machine often want none
 * @param outbound what it says of the connections to it
 */
public record ProviderConfig(Provider provider, List<ApiKey> keys, Outbound outbound) {

  public ProviderConfig {
    keys = List.copyOf(keys);
  }

  public ProviderConfig(Provider provider, Secret apiKey) {
    this(provider, List.of(ApiKey.of(apiKey)));
  }

  public ProviderConfig(Provider provider, List<ApiKey> keys) {
    this(provider, keys, Outbound.UNSAID);
  }

  /** The keys without their weights. */
  public List<Secret> apiKeys() {
    return keys.stream().map(ApiKey::secret).toList();
  }

  /** The first key. */
  public Secret apiKey() {
    return keys.getFirst().secret();
  }
}
