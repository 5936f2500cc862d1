package dev.ccr.bench.provider.openai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What an upstream's stream is cut into on its way. */
final class Chunks {

  private Chunks() {}

  /** The chunks of a text, given; each of so many bytes, but for the last. */
  static List<ByteBuf> of(String text, int chunkBytes) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<ByteBuf> chunks = new ArrayList<>();
    for (int start = 0; start < bytes.length; start += chunkBytes) {
      int length = Math.min(chunkBytes, bytes.length - start);
      chunks.add(
          ByteBufAllocator.DEFAULT.directBuffer(length).writeBytes(bytes, start, length));
    }
    return chunks;
  }
}
