package dev.ccr.proxy.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An answer of an upstream and how it comes, as the bytes that a fuzzer changes: flags, two bytes
 * that say how the body is cut, and the body.
 *
 * @param flags those of the constants that hold
 * @param longestPiece the most bytes of a piece; 0 is 1
 * @param cutSeed how long the pieces are
 * @param body what the upstream sends
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FuzzInput(int flags, int longestPiece, int cutSeed, byte[] body) {

  static final int CLIENT_STREAMS = 1;

  /** The answer's content type says that it is a stream. */
  static final int CALLED_STREAM = 2;

  /** The body ends as HTTP promised. */
  static final int CLEANLY = 4;

  /** The upstream is the Claude API. */
  static final int CLAUDE = 8;

  /** All pieces come at once, in one composite buffer. */
  static final int COMPOSITE = 16;

  private static final int HEAD = 3;

  static FuzzInput of(byte[] bytes) {
    return bytes.length < HEAD
        ? new FuzzInput(CLIENT_STREAMS | CALLED_STREAM, 0, 0, bytes)
        : new FuzzInput(
            bytes[0], bytes[1] & 0xFF, bytes[2], Arrays.copyOfRange(bytes, HEAD, bytes.length));
  }

  byte[] toBytes() {
    byte[] bytes = new byte[HEAD + body.length];
    bytes[0] = (byte) flags;
    bytes[1] = (byte) longestPiece;
    bytes[2] = (byte) cutSeed;
    System.arraycopy(body, 0, bytes, HEAD, body.length);
    return bytes;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The offsets behind the pieces of the body, the last being its length. */
  List<Integer> pieceEnds() {
    List<Integer> ends = new ArrayList<>();
    int state = cutSeed;
    for (int at = 0; at < body.length; ends.add(at)) {
      state = state * 1_103_515_245 + 12_345;
      int length = longestPiece == 0 ? 1 : 1 + (state >>> 16) % longestPiece;
      at = Math.min(body.length, at + length);
    }
    return ends;
  }
}
