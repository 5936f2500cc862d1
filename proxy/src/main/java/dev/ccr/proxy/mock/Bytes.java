package dev.ccr.proxy.mock;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Immutable bytes on the heap, for any number of threads. A plain array rather than a buffer, since
 * the transport copies whatever is not direct, and direct memory would need an owner to free it.
 */
final class Bytes {
  static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  /** Takes the array: the caller must not change it afterwards. */
  Bytes(byte[] array) {
    this.array = array;
  }

  static Bytes copyOf(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  static Bytes latin1(String text) {
    return new Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  int length() {
    return array.length;
  }

  /** Appends the bytes between two offsets to a borrowed buffer. */
  void writeTo(ByteBuf out, int start, int end) {
    out.writeBytes(array, start, end - start);
  }

  /** Appends all bytes to a borrowed buffer. */
  void writeTo(ByteBuf out) {
    out.writeBytes(array);
  }
}
