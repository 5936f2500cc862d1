package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Provider;

/**
 * A provider and what opens it.
 *
 * @param apiKey may be empty: servers on one's own machine often want none
 */
public record ProviderConfig(Provider provider, Secret apiKey) {}
