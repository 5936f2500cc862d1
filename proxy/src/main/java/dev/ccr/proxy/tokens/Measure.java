package dev.ccr.proxy.tokens;

/**
 * What is known of a request's size once it has been walked over and no text has been read.
 *
 * @param fixed tokens that depend on no text: overheads, images, PDFs
 * @param bytes bytes of the texts that count, as they are in the body
 * @param thinkingFrom where the thinking begins that counts: behind the last message of the user
 */
public record Measure(long fixed, long bytes, int thinkingFrom) {

  private static final int BYTES_A_TOKEN = 4;

  /** The most tokens the request can have: a token has at least a byte. */
  public long upper() {
    return fixed + bytes;
  }

  /**
   * About as many tokens as the request has: English, source code and Chinese all have close to
   * four bytes a token.
   */
  public long estimate() {
    return fixed + estimate(bytes);
  }

  static long estimate(long bytes) {
    return (bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
  }
}
