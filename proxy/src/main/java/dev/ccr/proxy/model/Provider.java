package dev.ccr.proxy.model;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A configured provider, without its key.
 *
 * @param name as routes write it; unique regardless of case
 * @param url where requests are posted, an absolute http or https URL
 * @param profile how it is spoken to
 * @param models the models the configuration lists; may be empty
 * @param modelWhitelist parts of names: only models with one of them in their names may be used;
 *     empty if all may
 * @param maxOutputTokens the most tokens that may be asked for, by model; that of the empty name is
 *     for all others
 */
public record Provider(
    String name,
    URI url,
    Profile profile,
    List<String> models,
    List<String> modelWhitelist,
    Map<String, Long> maxOutputTokens) {

  public Provider {
    models = List.copyOf(models);
    modelWhitelist = List.copyOf(modelWhitelist);
    maxOutputTokens = Map.copyOf(maxOutputTokens);
  }

  /**
   * A provider that is known by its URL or its name, and whose models take whatever a client asks
   * for.
   */
  public Provider(String name, URI url, List<String> models) {
    this(name, url, Profile.of(name, url), models, List.of(), Map.of());
  }

  /** The most tokens that may be asked of a model: {@link Long#MAX_VALUE} if nothing is known. */
  public long maxOutputTokens(String model) {
    Long cap = maxOutputTokens.getOrDefault(model, maxOutputTokens.get(""));
    return cap == null ? Long.MAX_VALUE : cap;
  }

  /** Whether the configuration lets this model be used. */
  public boolean allows(String model) {
    return modelWhitelist.isEmpty() || modelWhitelist.stream().anyMatch(model::contains);
  }

  /** Names are unique; the hash that records have is made of method handles, at each start anew. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Without the query of the URL, which may hold a key. */
  @Override
  public String toString() {
    return name + " (" + profile + ", " + url.getScheme() + "://" + url.getHost() + ")";
  }
}
