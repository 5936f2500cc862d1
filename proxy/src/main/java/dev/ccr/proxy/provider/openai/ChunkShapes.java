package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.Chars;

/**
 * The shapes of the events of one stream. Most events are like one before but for their text, so
 * that {@link #read} reads them without a parser. Those that a parser has read are learnt by {@link
 * ShapeLearner}. What it does not know it leaves alone.
 *
 * <p>Shapes that are of no use stop the learning: some upstreams send no two events alike.
 */
final class ChunkShapes {

  /** Calls of several tools take turns. */
  private static final int MAX_SHAPES = 4;

  /** How many may be learnt in vain. */
  private static final int MAX_UNUSED = 8;

  private ChunkShape[] shapes = {}; // made when there is one
  private int count;
  private int latest;
  private int unused;

  /** Whether an event may be known. */
  boolean areSome() {
    return count > 0 && mayGrow();
  }

  /**
   * Reads an event of a known shape.
   *
   * @return as {@link ChunkShape#read}
   */
  int read(byte[] in, int from, int to, Chars text, ChatChunk chunk) {
    for (int i = 0; i < count; i++) {
      int which = (latest + i) % count;
      int end = shapes[which].read(in, from, to, text, chunk);
      if (end >= 0) {
        latest = which;
        unused = 0;
        return end;
      }
    }
    return -1;
  }

  /** Whether another shape may yet be of use. */
  boolean mayGrow() {
    return unused < MAX_UNUSED;
  }

  void add(ChunkShape shape) {
    shapes = count == 0 ? new ChunkShape[MAX_SHAPES] : shapes;
    latest = count < MAX_SHAPES ? count++ : (latest + 1) % MAX_SHAPES;
    shapes[latest] = shape;
    unused++;
  }
}
