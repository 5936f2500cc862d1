package dev.ccr.proxy.testing;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transcoder makes of a body that comes in pieces.
 *
 * @param written what it has written
 * @param failure how it failed, or {@code null}
 */
public record Transcript(String written, @Nullable Failure failure) {

  /**
   * Runs a transcoder over a body.
   *
   * @param cleanly whether the body ends as HTTP promised
   */
  public static Transcript run(
      StreamTranscoder transcoder, List<byte[]> pieces, boolean cleanly) {
    ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
    try {
      Failure failure = transcode(transcoder, pieces, cleanly, out);
      return new Transcript(text(out), failure);
    } finally {
      out.release();
    }
  }

  private static @Nullable Failure transcode(
      StreamTranscoder transcoder, List<byte[]> pieces, boolean cleanly, ByteBuf out) {
    try {
      for (byte[] piece : pieces) {
        ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(Math.max(1, piece.length));
        try {
          transcoder.transcode(in.writeBytes(piece), out);
          if (in.isReadable()) {
            throw new AssertionError("a chunk must be read to its end");
          }
        } finally {
          in.release();
        }
      }
      transcoder.end(cleanly, out);
      return null;
    } catch (Failure failure) {
      return failure;
    }
  }

  private static String text(ByteBuf out) {
    return new String(ByteBufUtil.getBytes(out), StandardCharsets.UTF_8);
  }
}
