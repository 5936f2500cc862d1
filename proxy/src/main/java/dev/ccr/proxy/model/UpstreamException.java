package dev.ccr.proxy.model;

/**
 * The upstream failed: it cannot be reached, it broke off, or it reported an error inside a 200
 * answer. (An upstream status other than 2xx is no failure: it is relayed as it is.)
 */
public final class UpstreamException extends Failure {

  /**
   * @param status the status for the client while nothing has been sent, 400 to 599
   * @param message in our own words
   */
  public UpstreamException(ApiErrorType type, int status, String message) {
    super(type, status, message);
  }

  /**
   * @param status the status for the client while nothing has been sent, 400 to 599
   * @param message the upstream's own
   * @param words what it is about, in ours
   */
  public UpstreamException(ApiErrorType type, int status, String message, String words) {
    super(type, status, message, "", words);
  }

  /** An upstream that is unreachable or broke off: 502. */
  public static UpstreamException badGateway(String message) {
    return new UpstreamException(ApiErrorType.API, 502, message);
  }

  /** An upstream that did not answer in time: 504. */
  public static UpstreamException timeout(String message) {
    return new UpstreamException(ApiErrorType.TIMEOUT, 504, message);
  }
}
