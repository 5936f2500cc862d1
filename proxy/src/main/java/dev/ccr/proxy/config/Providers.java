package dev.ccr.proxy.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says of providers. Immutable.
 *
 * @param usable the faultless ones
 * @param names all names read, also those of faulty providers, as the file spells them
 * @param leftOut those that routes must not use, by name, with the reason
 */
record Providers(
    List<ProviderConfig> usable, List<String> names, Map<String, String> leftOut) {

  Providers {
    usable = List.copyOf(usable);
    names = List.copyOf(names);
    leftOut = Map.copyOf(leftOut);
  }

  /** The name as the file spells it, whatever the case it is asked for in; or {@code null}. */
  @Nullable String named(String name) {
    return names.stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
  }

  /** The faultless provider of that name, whatever its case; or {@code null}. */
  @Nullable ProviderConfig usable(String name) {
    return usable.stream()
        .filter(each -> each.provider().name().equalsIgnoreCase(name))
        .findFirst()
        .orElse(null);
  }
}
