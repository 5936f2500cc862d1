package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.Chars;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

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
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

  private final Chars text = new Chars();
  private ChunkShape[] shapes = {}; // made when there is one
  private int count;
  private int latest;
  private int unused;

  /** What is being learnt from. */
  private byte[] event = {};

  private int json; // where it begins in the event
  private int line; // where it ends
  private TextField[] strings = NONE;
  private int stringCount;
  private boolean learning;

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
   * @param start where the data begin
   * @param end where they end, and with them the line or what is there of it
   */
  void begin(ByteBuf in, int start, int end) {
    learning = false;
    if (unused == MAX_UNUSED || end - start > MAX_EVENT) {
      return;
    }
    int space = start > in.readerIndex() && in.getByte(start - 1) == ' ' ? 1 : 0;
    int begin = start - space - DATA.length;
    int blank = blankLine(in, end);
    if (begin < in.readerIndex() || blank < 0) {
      return;
    }
    event = new byte[blank - begin];
    in.getBytes(begin, event);
    json = start - begin;
    line = end - begin;
    stringCount = 0;
    strings = strings.length == 0 ? new TextField[MAX_STRINGS] : strings;
    learning = Arrays.equals(event, 0, DATA.length, DATA, 0, DATA.length);
  }

  /** The parser has come to the next string value. */
  void string() {
    if (learning) {
      learning = stringCount < MAX_STRINGS;
      if (learning) {
        strings[stringCount++] = TextField.FIXED;
      }
    }
  }

  /** What that is for, if it is for something. */
  void latest(TextField field) {
    if (learning) {
      strings[stringCount - 1] = field;
    }
  }

  /** The parser has read a chunk, from the line and nothing else. */
  void chunk(ChatChunk chunk) {
    if (learning && ChunkShape.isPlain(chunk)) {
      ChunkShape shape =
          ChunkShape.of(event, json, line, Arrays.copyOf(strings, stringCount), chunk);
      if (shape != null && saysTheSame(shape, chunk)) {
        keep(shape);
      }
    }
    learning = false;
  }

  /** Whether the texts are all there is: they may be said in ways that have no shape. */
  private boolean saysTheSame(ChunkShape shape, ChatChunk chunk) {
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
