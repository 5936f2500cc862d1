package dev.ccr.proxy.model;

/** A successful upstream answer whose body is not what its dialect promises: 502. */
public final class MalformedStreamException extends Failure {

  /** @param message what was expected and what came; of a body that is no JSON a short excerpt */
  public MalformedStreamException(String message) {
    super(ApiErrorType.API, 502, message);
  }
}
