package dev.ccr.proxy.provider;

/**
 * One dialect: how a Claude request is said to an upstream, and how its answers are read.
 * Stateless; used by all threads.
 */
public interface ProviderCodec extends RequestEncoder {

  /** How a provider wants its key. */
  enum KeyHeader {
    /** {@code authorization: Bearer KEY} */
    AUTHORIZATION_BEARER,
    /** {@code x-api-key: KEY} */
    X_API_KEY
  }

  /** Where the provider's key goes. */
  KeyHeader keyHeader();

  /**
   * Whether the upstream is the Claude API: then the client's query string and {@code anthropic-*}
   * headers travel with the request. No other upstream gets them.
   */
  boolean speaksClaude();

  /**
   * Opens a transcoder for one answer with a status of 2xx.
   *
   * @param upstreamStreams whether the body is an event stream (by its content type)
   * @param clientStreams whether the client asked for an event stream
   * @param requestedModel the model named upstream, for answers that name none
   */
  StreamTranscoder openAnswer(
      boolean upstreamStreams, boolean clientStreams, String requestedModel);
}
