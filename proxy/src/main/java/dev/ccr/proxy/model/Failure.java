package dev.ccr.proxy.model;

/**
 * Why an exchange cannot go on, worded for the person who reads it. Stages throw failures; one
 * place (the server's {@code ErrorReply}) turns them into Claude errors.
 *
 * <p>A failure carries no stack trace: it tells about a peer, not about a place in our code. Its
 * message may quote a name that the client sent or the upstream's own error, never a key, never
 * more of a conversation.
 */
public abstract sealed class Failure extends Exception
    permits RequestException, UpstreamException, MalformedStreamException {

  private final ApiErrorType type;
  private final int status;
  private final String details;
  private final String words;

  Failure(ApiErrorType type, int status, String message) {
    this(type, status, message, "", message);
  }

  Failure(ApiErrorType type, int status, String message, String details, String words) {
    super(message, null, false, false);
    this.type = type;
    this.status = status;
    this.details = details;
    this.words = words;
  }

  /** The Claude error type of the answer. */
  public final ApiErrorType type() {
    return type;
  }

  /** The HTTP status of the answer, as long as no byte of it has been sent. */
  public final int status() {
    return status;
  }

  /** A JSON object for {@code error.details}, or empty. */
  public final String details() {
    return details;
  }

  /** What a log may say of it: the message, as far as it is in our own words. */
  public final String words() {
    return words;
  }

  /** The message, never {@code null}. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
