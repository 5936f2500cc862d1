package dev.ccr.proxy.tokens;

import java.nio.ByteBuffer;

/** Receives what of a request counts as input, in its order. Offsets are absolute. */
interface InputSink {

  /**
   * A range that counts by its tokens.
   *
   * @param thinking whether it counts only if no {@link #turn} follows
   */
  void text(Form form, int start, int end, boolean thinking);

  /** Tokens that do not depend on a text. */
  default void fixed(long tokens, boolean thinking) {}

  /** An image: the inside of its base64 string, which is empty if the image is elsewhere. */
  default void image(ByteBuffer body, int start, int end) {}

  /** A PDF: the inside of its base64 string, which is empty if the document is elsewhere. */
  default void pdf(ByteBuffer body, int start, int end) {}

  /** A message of the user, tool results apart, ends here: earlier thinking does not count. */
  default void turn(int offset) {}
}
