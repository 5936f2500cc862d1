package dev.ccr.proxy.json;

/**
 * A text that is not JSON (RFC 8259), that nests too deeply, or that holds another kind of value
 * than the one asked for. The message names what was expected and where, and never quotes the
 * text. There is no stack trace: it tells of the input, not of the program.
 */
public final class JsonSyntaxException extends Exception {
  private final int offset;

  JsonSyntaxException(String expected, int offset) {
    super("expected " + expected + " at byte " + offset, null, false, false);
    this.offset = offset;
  }

  /** Index in the buffer of the first byte that cannot stand; the end of the text if it is cut. */
  public int offset() {
    return offset;
  }
}
