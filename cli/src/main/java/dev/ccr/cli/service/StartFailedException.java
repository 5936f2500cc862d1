package dev.ccr.cli.service;

/** A router that was started did not come up. */
public final class StartFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String printed;

  /**
   * A failure.
   *
   * @param printed what it said, the reason as a rule
   */
  StartFailedException(String message, String printed) {
    super("the router " + message);
    this.printed = printed;
  }

  /** What the router said. */
  public String printed() {
    return printed;
  }
}
