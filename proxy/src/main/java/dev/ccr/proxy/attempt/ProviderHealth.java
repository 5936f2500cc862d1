package dev.ccr.proxy.attempt;

import dev.ccr.proxy.config.CircuitSettings;
import dev.ccr.proxy.config.ProviderConfig;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * In what state a provider is: its circuit, its keys, its budget of retries. Made for each
 * configuration; what is known of a provider that stays is taken over. All event loops share it;
 * nobody waits.
 */
public final class ProviderHealth {

  private final URI url;
  private final CircuitSettings settings;
  private final CircuitBreaker breaker;
  private final RetryBudget budget;
  private final KeyPool keys;

  private ProviderHealth(
      ProviderConfig config, CircuitSettings settings, @Nullable ProviderHealth previous) {
    url = config.provider().url();
    this.settings = settings;
    breaker = previous == null ? new CircuitBreaker() : previous.breaker;
    budget = previous == null ? new RetryBudget() : previous.budget;
    keys = new KeyPool(config.keys(), settings, previous == null ? null : previous.keys);
  }

  /**
   * The state of a provider.
   *
   * @param previous that of the provider of this name in the configuration before, if there was one;
   *     it counts as long as the URL is the same
   */
  public static ProviderHealth of(
      ProviderConfig config, CircuitSettings settings, @Nullable ProviderHealth previous) {
    boolean same = previous != null && previous.url.equals(config.provider().url());
    return new ProviderHealth(config, settings, same ? previous : null);
  }

  /** The keys of the provider. */
  public KeyPool keys() {
    return keys;
  }

  /** The circuit as it is told. */
  public CircuitBreaker.State circuit(long nanoTime) {
    return breaker.state(nanoTime);
  }

  /** Whether a request may go there that could go elsewhere; it is expected to, then. */
  boolean admits(long nanoTime) {
    return keys.ready(nanoTime) > 0 && breaker.admits(nanoTime, settings);
  }

  boolean isOpen(long nanoTime) {
    return breaker.state(nanoTime) == CircuitBreaker.State.OPEN;
  }

  long retryInNanos(long nanoTime) {
    return breaker.retryInNanos(nanoTime);
  }

  boolean failsFast() {
    return settings.failFast();
  }

  RetryBudget budget() {
    return budget;
  }

  /** @param cooled whether the key was used though it was cooling down */
  void succeeded(int key, boolean cooled) {
    breaker.succeeded();
    if (keys.size() > 1) {
      keys.get(key).succeeded(cooled);
    }
  }

  void failed(int key, Fault fault, long nanoTime) {
    if (fault.isFailure()) {
      breaker.failed(nanoTime, settings);
      if (keys.size() > 1) {
        keys.get(key).failed(nanoTime, settings);
      }
      return;
    }
    if (fault.kind() == Fault.Kind.CROWDED) {
      return;
    }
    breaker.succeeded(); // it answers
    keys.note(key, fault.status(), fault.retryAfterNanos(), nanoTime);
  }
}
