package dev.ccr.proxy.model;

/** The limits that may refuse a request, each with its name in logs and figures. */
public enum Limit {
  /** Requests a minute of one client. */
  CLIENT_REQUESTS("client_requests", ApiErrorType.RATE_LIMIT),
  /** Tokens a minute of one client. */
  CLIENT_TOKENS("client_tokens", ApiErrorType.RATE_LIMIT),
  /** Requests of one client that are under way at once. */
  CLIENT_CONCURRENT("client_concurrent", ApiErrorType.RATE_LIMIT),
  /** Requests under way of all clients. */
  REQUESTS("requests", ApiErrorType.OVERLOADED),
  /** Bytes that are kept for all of them. */
  BYTES("bytes", ApiErrorType.OVERLOADED),
  /** Their connections. */
  CONNECTIONS("connections", ApiErrorType.OVERLOADED),
  /** What the machine can do. */
  LOAD("load", ApiErrorType.OVERLOADED);

  private final String label;
  private final ApiErrorType type;

  Limit(String label, ApiErrorType type) {
    this.label = label;
    this.type = type;
  }

  /** The name in logs and figures. */
  public String label() {
    return label;
  }

  /** What a client is told that was refused. */
  public ApiErrorType type() {
    return type;
  }
}
