package dev.ccr.proxy.provider;

import dev.ccr.proxy.model.RequestFacts;

/**
 * One dialect, as one provider speaks it: how a Claude request is said to an upstream, and how its
 * answers are read. Immutable; used by all threads.
 */
public interface ProviderCodec {

  /** How a provider wants its key. */
  enum KeyHeader {
    /** {@code authorization: Bearer KEY} */
    AUTHORIZATION_BEARER,
    /** {@code x-api-key: KEY} */
    X_API_KEY,
    /** {@code api-key: KEY}: Azure */
    API_KEY
  }

  /** Where the provider's key goes. */
  KeyHeader keyHeader();

  /**
   * Whether the upstream is the Claude API: then the client's query string and {@code anthropic-*}
   * headers travel with the request. No other upstream gets them.
   */
  boolean speaksClaude();

  /**
   * Opens the translation of one exchange.
   *
   * @param facts what the scan of the client's body found out
   * @param model the model's name for the upstream
   * @param maxOutputTokens the most tokens the model gives, {@link Long#MAX_VALUE} if nobody says
   */
  Translation open(RequestFacts facts, String model, long maxOutputTokens);
}
