package dev.ccr.proxy.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * A text made of glue and of ranges of another text: how a request is translated without decoding
 * or copying what stays the same. What is written is only noted; {@link #build} makes the bytes.
 *
 * <p>A {@link Section} is written from front to back; sections can be written in any order and put
 * together at the end, since the fields of a request come in any order. One a request; not
 * thread-safe.
 */
public final class Splices {

  /**
   * Ranges of at least this many bytes are handed on as slices of the source, shorter ones are
   * copied: a slice costs an object and an entry in the system call's vector.
   */
  public static final int SLICE_THRESHOLD = 4096;

  private static final int EXPECTED_GLUE = 2048;

  /** Bytes: larger glue is not kept for the next text. */
  private static final int MAX_KEPT_GLUE = 65_536;

  private static final int FEW = 4;
  private static final long[] NONE = {};

  /** What the thread's last text has left, until the next one takes it. */
  private static final ThreadLocal<ByteBuf> SPARE_GLUE = new ThreadLocal<>();

  private final ByteBuf source;
  private final JsonEscape escape = JsonEscape.ofThisThread();

  /** On the heap and unpooled, so that it may be left to the collector. */
  private final ByteBuf glue;

  /**
   * @param source what ranges refer to, borrowed until {@link #build} has returned
   */
  public Splices(ByteBuf source) {
    this.source = source;
    ByteBuf spare = SPARE_GLUE.get();
    SPARE_GLUE.set(null);
    glue = spare == null ? Unpooled.buffer(EXPECTED_GLUE) : spare.clear();
  }

  /** An empty section of the text. */
  public Section section() {
    return new Section();
  }

  /**
   * Makes the text, which ends the use of this. Large ranges are retained slices of the source:
   * they keep its memory until the text is released.
   *
   * @return the text, given: the caller releases it
   */
  public ByteBuf build(Section text, ByteBufAllocator alloc) {
    ByteBuf copies = alloc.buffer(text.copiedBytes());
    CompositeByteBuf whole = null;
    try {
      int copied = 0;
      for (int i = 0; i < text.count; i++) {
        int start = startOf(text.pieces[i]);
        int length = lengthOf(text.pieces[i]);
        if (start < 0) {
          copies.writeBytes(glue.array(), glue.arrayOffset() + ~start, length);
        } else if (length < SLICE_THRESHOLD) {
          copies.writeBytes(source, start, length);
        } else {
          whole = whole == null ? alloc.compositeBuffer(Integer.MAX_VALUE) : whole;
          addCopies(whole, copies, copied);
          copied = copies.writerIndex();
          whole.addComponent(true, source.retainedSlice(start, length));
        }
      }
      if (whole == null) {
        ByteBuf result = copies;
        copies = null;
        return result;
      }
      addCopies(whole, copies, copied);
      CompositeByteBuf result = whole;
      whole = null;
      return result;
    } finally {
      if (glue.capacity() <= MAX_KEPT_GLUE) {
        SPARE_GLUE.set(glue);
      }
      if (copies != null) {
        copies.release();
      }
      if (whole != null) {
        whole.release();
      }
    }
  }

  private static void addCopies(CompositeByteBuf whole, ByteBuf copies, int from) {
    if (copies.writerIndex() > from) {
      whole.addComponent(true, copies.retainedSlice(from, copies.writerIndex() - from));
    }
  }

  private static long piece(int start, int length) {
    return ((long) start << Integer.SIZE) | length;
  }

  private static int startOf(long piece) {
    return (int) (piece >> Integer.SIZE);
  }

  private static int lengthOf(long piece) {
    return (int) piece;
  }

  /** One part of the text, written from front to back. */
  public final class Section {

    /** Each has an offset in the source, or the complement of one in the glue, and a length. */
    private long[] pieces = NONE;

    private int count;
    private int bytes;

    private Section() {}

    /** How many bytes the section is long. */
    public int length() {
      return bytes;
    }

    public boolean isEmpty() {
      return count == 0;
    }

    /** Forgets what was written; what other sections have appended of it stays theirs. */
    public Section clear() {
      count = 0;
      bytes = 0;
      return this;
    }

    /** Appends a comma unless this is the section's first element. */
    public Section comma() {
      return count == 0 ? this : glue(',');
    }

    /** Appends constant bytes. */
    public Section glue(byte[] bytes) {
      glue.writeBytes(bytes);
      return glued(bytes.length);
    }

    /** Appends one ASCII character. */
    public Section glue(char ascii) {
      glue.writeByte(ascii);
      return glued(1);
    }

    /** Appends a string value with its quotes, escaped. */
    public Section string(String value) {
      int start = glue.writerIndex();
      JsonOut.string(value, escape, glue);
      return glued(glue.writerIndex() - start);
    }

    /** Appends a range of the source as it is. */
    public Section range(int start, int end) {
      return end > start ? add(start, end - start) : this;
    }

    /**
     * Appends a range of the source, which is JSON, as the inside of a string: JSON as text within
     * JSON. Copied, since quotes and backslashes have to be escaped.
     */
    public Section escapedRange(int start, int end) {
      int before = glue.writerIndex();
      int copied = start;
      for (int i = start; i < end; i++) {
        byte b = source.getByte(i);
        if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
          glue.writeBytes(source, copied, i - copied);
          glue.writeByte('\\');
          glue.writeByte(
              switch (b) { // outside its strings JSON has no control characters but these three
                case '\n' -> 'n';
                case '\r' -> 'r';
                case '\t' -> 't';
                default -> b;
              });
          copied = i + 1;
        }
      }
      glue.writeBytes(source, copied, end - copied);
      return glued(glue.writerIndex() - before);
    }

    /** Appends the inside of a string of the source, without its quotes. */
    public Section inside(Span string) {
      return range(string.start() + 1, string.end() - 1);
    }

    /** Appends a value of the source as it is. */
    public Section range(Span value) {
      return range(value.start(), value.end());
    }

    /** Appends what another section of the same text holds. */
    public Section append(Section other) {
      for (int i = 0; i < other.count; i++) {
        add(startOf(other.pieces[i]), lengthOf(other.pieces[i]));
      }
      return this;
    }

    private Section glued(int length) {
      if (length == 0) {
        return this;
      }
      int start = glue.writerIndex() - length;
      if (count > 0) {
        long last = pieces[count - 1];
        if (startOf(last) < 0 && ~startOf(last) + lengthOf(last) == start) {
          bytes += length;
          pieces[count - 1] = last + length; // goes on where the last glue ended
          return this;
        }
      }
      return add(~start, length);
    }

    private Section add(int start, int length) {
      if (count == pieces.length) {
        pieces = Arrays.copyOf(pieces, Math.max(FEW, count * 2));
      }
      bytes += length;
      pieces[count++] = piece(start, length);
      return this;
    }

    private int copiedBytes() {
      int copied = 0;
      for (int i = 0; i < count; i++) {
        int length = lengthOf(pieces[i]);
        copied += startOf(pieces[i]) < 0 || length < SLICE_THRESHOLD ? length : 0;
      }
      return copied;
    }
  }
}
