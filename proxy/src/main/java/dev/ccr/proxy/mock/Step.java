package dev.ccr.proxy.mock;

/**
 * One step of a {@link Reply}. All bytes are prepared when the reply is built and shared by all its
 * exchanges: nobody may change them.
 */
sealed interface Step {

  /** The status line and headers but for the blank line; sent with whatever comes next. */
  record Head(Bytes lines) implements Step {}

  /**
   * Bytes to be sent as they are, with a flush.
   *
   * @param from where the payload starts; what stands before it is framing
   * @param to where the payload ends; what stands after it is framing
   * @param endless to be sent again and again until the connection closes
   */
  record Write(Bytes data, int from, int to, boolean endless) implements Step {

    /** How many of the bytes between two offsets are payload. */
    int payload(int start, int end) {
      return Math.max(0, Math.min(end, to) - Math.max(start, from));
    }
  }

  /**
   * A payload to be sent in pieces, each with a flush and, unless the prefixes are empty, as an
   * HTTP chunk. Cut while it is sent, so a million pieces cost no more memory than one.
   *
   * @param size payload bytes in a piece, at least 1; the last piece may be smaller
   * @param prefix stands before each piece of that size
   * @param lastPrefix stands before a smaller last piece
   * @param suffix stands after each piece
   */
  record Cut(Bytes payload, int size, Bytes prefix, Bytes lastPrefix, Bytes suffix)
      implements Step {}

  /** Lets time pass, in nanoseconds. */
  record Pause(long nanos) implements Step {}

  /** Waits for a gate. */
  record Await(Gate gate) implements Step {}

  /** The last step of every reply. */
  enum Last implements Step {
    /** The response is whole: the connection serves the next request unless it is to close. */
    END,
    /** Orderly close (FIN) once everything before is sent. */
    CLOSE,
    /** Abortive close (RST) once everything before is handed to the kernel. */
    RESET,
    /** Nothing more until the peer closes. */
    HANG
  }
}
