package dev.ccr.proxy.model;

import org.jspecify.annotations.Nullable;

/** The client's request cannot be served; nothing was sent upstream. */
public final class RequestException extends Failure {

  private final @Nullable Limit limit;
  private final long retryAfterSeconds;

  /**
   * @param type decides the status too
   * @param message what is wrong, with the value and what was expected
   */
  public RequestException(ApiErrorType type, String message) {
    this(type, type.status(), message);
  }

  /** A request with another status than its type's usual one, 405 for example. */
  public RequestException(ApiErrorType type, int status, String message) {
    this(type, status, message, "");
  }

  private RequestException(ApiErrorType type, int status, String message, String details) {
    super(type, status, message, details, message);
    limit = null;
    retryAfterSeconds = 0;
  }

  private RequestException(Limit limit, long retryAfterSeconds, String message) {
    super(limit.type(), limit.type().status(), message);
    this.limit = limit;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /**
   * A request that is one too many, now.
   *
   * @param retryAfterSeconds when another attempt makes sense, at least 1
   * @param message which limit it is, whose, and how much it is
   */
  public static RequestException refused(Limit limit, long retryAfterSeconds, String message) {
    return new RequestException(limit, retryAfterSeconds, message);
  }

  /** Which limit refused the request, or {@code null} if none did. */
  public @Nullable Limit limit() {
    return limit;
  }

  /** When another attempt makes sense; 0 if nobody knows. */
  public long retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /**
   * A request that continues a conversation kept at Anthropic: a router without that conversation
   * would silently answer without it. Clients that see this error send the whole conversation.
   */
  public static RequestException unsupportedThread() {
    return new RequestException(
        ApiErrorType.INVALID_REQUEST,
        ApiErrorType.INVALID_REQUEST.status(),
        "thread: this provider keeps no conversations (expected: all messages in the request)",
        "{\"error_code\":\"thread_unsupported_request\",\"unsupported\":[\"thread\"]}");
  }

  /** A body or a field that is not what the API takes: 400. */
  public static RequestException invalid(String message) {
    return new RequestException(ApiErrorType.INVALID_REQUEST, message);
  }
}
