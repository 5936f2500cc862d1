package dev.ccr.proxy.model;

/**
 * The error types of the Claude API, each with the HTTP status that goes with it.
 *
 * @see <a href="https://docs.claude.com/en/api/errors">Claude API, Errors</a>
 */
public enum ApiErrorType {
  INVALID_REQUEST("invalid_request_error", 400),
  AUTHENTICATION("authentication_error", 401),
  BILLING("billing_error", 402),
  PERMISSION("permission_error", 403),
  NOT_FOUND("not_found_error", 404),
  REQUEST_TOO_LARGE("request_too_large", 413),
  RATE_LIMIT("rate_limit_error", 429),
  API("api_error", 500),
  TIMEOUT("timeout_error", 504),
  OVERLOADED("overloaded_error", 529);

  private final String wireName;
  private final int status;

  ApiErrorType(String wireName, int status) {
    this.wireName = wireName;
    this.status = status;
  }

  /** The value of {@code error.type}. */
  public String wireName() {
    return wireName;
  }

  /** The HTTP status this type usually travels with. */
  public int status() {
    return status;
  }

  /**
   * The type for an error status an upstream reports inside a 200 answer.
   *
   * @param status an HTTP status, 400 to 599
   */
  public static ApiErrorType ofStatus(int status) {
    return switch (status) {
      case 401 -> AUTHENTICATION;
      case 402 -> BILLING;
      case 403 -> PERMISSION;
      case 404 -> NOT_FOUND;
      case 408, 504 -> TIMEOUT;
      case 413 -> REQUEST_TOO_LARGE;
      case 429 -> RATE_LIMIT;
      case 503, 529 -> OVERLOADED;
      default -> status >= 500 ? API : INVALID_REQUEST;
    };
  }
}
