package dev.ccr.proxy.model;

/** A successful upstream answer whose body is not what its dialect promises: 502. */
public final class MalformedStreamException extends Failure {

  /** @param message what was expected and what came */
  public MalformedStreamException(String message) {
    super(ApiErrorType.API, 502, message);
  }

  /**
   * @param words what was expected
   * @param excerpt some of what came, behind the words
   */
  public MalformedStreamException(String words, String excerpt) {
    super(ApiErrorType.API, 502, words + ": " + excerpt, "", words);
  }
}
