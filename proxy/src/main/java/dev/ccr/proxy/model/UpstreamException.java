package dev.ccr.proxy.model;

/**
 * The upstream failed: it cannot be reached, it broke off, or it reported an error inside a 200
 * answer. (An upstream status other than 2xx is no failure: it is relayed as it is.)
 */
public final class UpstreamException extends Failure {

  private final boolean unprocessed;
  private final long retryAfterSeconds;

  /**
   * @param status the status for the client while nothing has been sent, 400 to 599
   * @param message in our own words
   */
  public UpstreamException(ApiErrorType type, int status, String message) {
    this(type, status, message, false, 0);
  }

  /**
   * @param status the status for the client while nothing has been sent, 400 to 599
   * @param message the upstream's own
   * @param words what it is about, in ours
   */
  public UpstreamException(ApiErrorType type, int status, String message, String words) {
    super(type, status, message, "", words);
    unprocessed = false;
    retryAfterSeconds = 0;
  }

  private UpstreamException(
      ApiErrorType type, int status, String message, boolean unprocessed, long retryAfter) {
    super(type, status, message);
    this.unprocessed = unprocessed;
    retryAfterSeconds = retryAfter;
  }

  /** An upstream that is unreachable or broke off: 502. */
  public static UpstreamException badGateway(String message) {
    return new UpstreamException(ApiErrorType.API, 502, message);
  }

  /**
   * An upstream that says that it has not looked at the request, and will not: 502. It is safe to
   * send it again, as after RFC 9113, section 8.7.
   */
  public static UpstreamException unprocessed(String message) {
    return new UpstreamException(ApiErrorType.API, 502, message, true, 0);
  }

  /**
   * An upstream that is known to be down, and is not asked: 503.
   *
   * @param retryAfterSeconds when it will be, at least 1
   */
  public static UpstreamException down(String message, long retryAfterSeconds) {
    return new UpstreamException(
        ApiErrorType.OVERLOADED, 503, message, false, retryAfterSeconds);
  }

  /** An upstream that did not answer in time: 504. */
  public static UpstreamException timeout(String message) {
    return new UpstreamException(ApiErrorType.TIMEOUT, 504, message);
  }

  /** Whether it is known that nothing of the request was processed, though it may have been sent. */
  public boolean isUnprocessed() {
    return unprocessed;
  }

  /** After how many seconds the client may try again; 0 if that is unknown. */
  public long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
