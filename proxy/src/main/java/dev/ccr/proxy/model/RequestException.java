package dev.ccr.proxy.model;

/** The client's request cannot be served; nothing was sent upstream. */
public final class RequestException extends Failure {

  /**
   * @param type decides the status too
   * @param message what is wrong, with the value and what was expected
   */
  public RequestException(ApiErrorType type, String message) {
    super(type, type.status(), message);
  }

  /** A request with another status than its type's usual one, 405 for example. */
  public RequestException(ApiErrorType type, int status, String message) {
    super(type, status, message);
  }

  /** A body or a field that is not what the API takes: 400. */
  public static RequestException invalid(String message) {
    return new RequestException(ApiErrorType.INVALID_REQUEST, message);
  }
}
