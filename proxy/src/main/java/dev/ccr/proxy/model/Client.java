package dev.ccr.proxy.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whoever presents one of the router's keys, and what he may do. Immutable; knows no key.
 *
 * @param name for logs, figures and messages: unique among the clients of a configuration
 * @param models patterns of the models that he may use: one with a comma is held against {@code
 *     provider,model}, any other against the model alone; empty for all models
 * @param expires from when on the key is worth nothing, or {@code null}
 * @param limits how much he may ask for
 */
public record Client(
    String name, List<Glob> models, @Nullable Instant expires, ClientLimits limits) {

  public Client {
    models = List.copyOf(models);
  }

  /** A client who may do everything. */
  public Client(String name) {
    this(name, List.of(), null, ClientLimits.NONE);
  }

  /**
   * Whether he may use a model.
   *
   * @param provider the name of the provider that a request is routed to
   * @param model the model's name there
   */
  public boolean allows(String provider, String model) {
    if (models.isEmpty()) {
      return true;
    }
    String whole = new ModelRef(provider, model).toString();
    return models.stream()
        .anyMatch(glob -> glob.matches(ModelRef.isExplicit(glob.pattern()) ? whole : model));
  }

  /** Whether the key is worth nothing any more. */
  public boolean isExpired(Instant now) {
    return expires != null && !now.isBefore(expires);
  }
}
