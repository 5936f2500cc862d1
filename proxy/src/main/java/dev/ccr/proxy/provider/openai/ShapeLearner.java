package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.Chars;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Learns the shapes of events from those that a parser reads: {@link #begin} before, {@link #string}
 * for each string value, {@link #chunk} for what is said.
 */
final class ShapeLearner {

  /** Bytes: a larger event is rare, and its text costs more than the rest of it. */
  private static final int MAX_EVENT = 4096;

  private static final int MAX_STRINGS = 64;
  private static final int DATA_BYTES = "data:".length();

  private final Chars text = new Chars();
  private final ChatChunk again = new ChatChunk();
  private final TextField[] strings = new TextField[MAX_STRINGS];
  private int stringCount;
  private ChunkShapes shapes = new ChunkShapes();

  /** What is being learnt from, borrowed until it is read; {@code null} if nothing is. */
  private @Nullable ByteBuf learning;

  private int start; // of the event
  private int json;
  private int lineEnd;
  private int end;

  /** What comes now is of another stream, whose shapes these are. */
  void learnFor(ChunkShapes others) {
    shapes = others;
    learning = null;
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
    if (!shapes.mayGrow() || to - from > MAX_EVENT) {
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
        shapes.add(shape);
      }
    }
  }

  /** Whether the texts are all there is: they may be said in ways that have no shape. */
  private boolean saysTheSame(ChunkShape shape, byte[] event, ChatChunk chunk) {
    boolean same =
        shape.read(event, 0, event.length, text, again) == event.length
            && again.isSameText(chunk);
    again.clear();
    return same;
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
