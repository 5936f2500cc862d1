package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.Chars;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of the events of one stream. Most events are like one before but for their text, so
 * that {@link #read} reads them without a parser. It learns from those that a parser reads: {@link
 * #begin} before, {@link #string} for each string value, {@link #chunk} for what is said. What it
 * does not know it leaves alone.
 *
 * <p>Shapes that are of no use stop the learning: some upstreams send no two events alike.
 */
final class ChunkShapes {

  /** Calls of several tools take turns. */
  private static final int MAX_SHAPES = 4;

  /** How many may be learnt in vain. */
  private static final int MAX_UNUSED = 8;

  /** Bytes: a larger event is rare, and its text costs more than the rest of it. */
  private static final int MAX_EVENT = 4096;

  private static final int MAX_STRINGS = 64;

  private static final TextField[] NONE = {};
  private static final int DATA_BYTES = "data:".length();

  private final Chars text = new Chars();
  private ChunkShape[] shapes = {}; // made when there is one
  private int count;
  private int latest;
  private int unused;

  /** What is being learnt from, borrowed until it is read; {@code null} if nothing is. */
  private @Nullable ByteBuf learning;

  private int start; // of the event
  private int json;
  private int lineEnd;
  private int end;
  private TextField[] strings = NONE;
  private int stringCount;

  /** Whether an event may be known. */
  boolean areSome() {
    return count > 0 && unused < MAX_UNUSED;
  }

  /**
   * Reads an event of a known shape.
   *
   * @return as {@link ChunkShape#read}
   */
  int read(byte[] in, int from, int to, ChatChunk chunk) {
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

  /**
   * A parser begins to read a line of data.
   *
   * @param in borrowed; read from its reader index on
   * @param from where the data begin
   * @param to where they end, and with them the line or what is there of it
   */
  void begin(ByteBuf in, int from, int to) {
    learning = null;
    if (unused == MAX_UNUSED || to - from > MAX_EVENT) {
      return;
    }
    int space = from > in.readerIndex() && in.getByte(from - 1) == ' ' ? 1 : 0;
    start = from - space - DATA_BYTES;
    json = from;
    lineEnd = to;
    end = blankLine(in, to);
    if (start >= in.readerIndex() && end >= 0) { // else a part of it is in another buffer
      learning = in;
      stringCount = 0;
      strings = strings.length == 0 ? new TextField[MAX_STRINGS] : strings;
    }
  }

  /** The parser has come to the next string value. */
  void string() {
    if (stringCount == MAX_STRINGS) {
      learning = null;
    } else if (learning != null) {
      strings[stringCount++] = TextField.FIXED;
    }
  }

  /** What that is for, if it is for something. */
  void latest(TextField field) {
    if (learning != null) {
      strings[stringCount - 1] = field;
    }
  }

  /** The parser has read a chunk, from the line and nothing else. */
  void chunk(ChatChunk chunk) {
    ByteBuf in = learning;
    learning = null;
    if (in != null && ChunkShape.isPlain(chunk)) {
      byte[] event = new byte[end - start];
      in.getBytes(start, event);
      TextField[] fields = Arrays.copyOf(strings, stringCount);
      ChunkShape shape = ChunkShape.of(event, json - start, lineEnd - start, fields, chunk);
      if (shape != null && saysTheSame(shape, event, chunk)) {
        keep(shape);
      }
    }
  }

  /** Whether the texts are all there is: they may be said in ways that have no shape. */
  private boolean saysTheSame(ChunkShape shape, byte[] event, ChatChunk chunk) {
    ChatChunk again = new ChatChunk();
    return shape.read(event, 0, event.length, text, again) == event.length
        && again.isSameText(chunk);
  }

  private void keep(ChunkShape shape) {
    shapes = count == 0 ? new ChunkShape[MAX_SHAPES] : shapes;
    latest = count < MAX_SHAPES ? count++ : (latest + 1) % MAX_SHAPES;
    shapes[latest] = shape;
    unused++;
  }

  /** Index behind the blank line that follows a line of data, or -1. */
  private static int blankLine(ByteBuf in, int end) {
    int left = in.writerIndex() - end;
    if (left >= 2 && in.getShort(end) == ('\n' << 8 | '\n')) {
      return end + 2;
    }
    return left >= 4 && in.getInt(end) == ('\r' << 24 | '\n' << 16 | '\r' << 8 | '\n')
        ? end + 4
        : -1;
  }
}
