package dev.ccr.proxy.testing;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a transcoder makes of a body that comes in pieces.
 *
 * @param written what it has written
 * @param failure how it failed, or {@code null}
 */
public record Transcript(String written, @Nullable Failure failure) {

  /**
   * A body on its way through a transcoder, which is used up by it.
   *
   * @param pieces of the body, in their order
   * @param cleanly whether the body ends as HTTP promised
   */
  public record Course(StreamTranscoder transcoder, List<byte[]> pieces, boolean cleanly) {}

  /**
   * Runs a transcoder over a body.
   *
   * @param cleanly whether the body ends as HTTP promised
   */
  public static Transcript run(
      StreamTranscoder transcoder, List<byte[]> pieces, boolean cleanly) {
    return inTurns(List.of(new Course(transcoder, pieces, cleanly)), new Random(0)).getFirst();
  }

  /**
   * Lets bodies come in turns, piece by piece, as they do on an event loop.
   *
   * @param order says whose piece is next
   */
  public static List<Transcript> inTurns(List<Course> courses, Random order) {
    List<Run> runs = courses.stream().map(Run::new).toList();
    try {
      List<Run> left = new ArrayList<>(runs);
      while (!left.isEmpty()) {
        int next = order.nextInt(left.size());
        if (!left.get(next).step()) {
          left.remove(next);
        }
      }
      return runs.stream().map(Run::transcript).toList();
    } finally {
      runs.forEach(Run::close);
    }
  }

  private static final class Run {

    private final Course course;
    private final Iterator<byte[]> pieces;
    private final ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
    private @Nullable Failure failure;

    Run(Course course) {
      this.course = course;
      pieces = course.pieces().iterator();
    }

    /** Whether there is more to come. */
    boolean step() {
      try {
        if (pieces.hasNext()) {
          transcode(pieces.next());
          return true;
        }
        course.transcoder().end(course.cleanly(), out);
      } catch (Failure e) {
        failure = e;
      }
      return false;
    }

    private void transcode(byte[] piece) throws Failure {
      ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(Math.max(1, piece.length));
      try {
        course.transcoder().transcode(in.writeBytes(piece), out);
        if (in.isReadable()) {
          throw new AssertionError("a chunk must be read to its end");
        }
      } finally {
        in.release();
      }
    }

    Transcript transcript() {
      return new Transcript(
          new String(ByteBufUtil.getBytes(out), StandardCharsets.UTF_8), failure);
    }

    void close() {
      course.transcoder().close();
      out.release();
    }
  }
}
