package dev.ccr.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * What the body of an answer must be, byte by byte, except for the times in it. Shared by all
 * connections, each of which has a {@link Cursor}. Immutable; its bytes are never released.
 */
final class Template {

  private final ByteBuf bytes;
  private final int length;

  /** Where the digits of times begin, in their order. */
  private final int[] stamps;

  /** Expects these bytes; where they have a time, any other will do. */
  Template(byte[] bytes) {
    this.bytes = Unpooled.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    this.length = bytes.length;
    int[] found = new int[bytes.length];
    int count = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == Answer.STAMP) {
        found[count++] = i + 1;
      }
    }
    this.stamps = Arrays.copyOf(found, count);
  }

  int length() {
    return length;
  }

  /** How far an answer has come. For one thread; used again for the next answer. */
  static final class Cursor {
    private final Template template;
    private int at;
    private int stamp;
    private long time;

    Cursor(Template template) {
      this.template = template;
    }

    void restart() {
      at = 0;
      stamp = 0;
    }

    boolean isAtEnd() {
      return at == template.length;
    }

    /** How many bytes were right. */
    int position() {
      return at;
    }

    /**
     * Compares the next bytes, which may be cut anywhere.
     *
     * @param in borrowed; its indices stay as they are
     * @param now the time at which they came
     * @param delays receives how long ago each time was, in nanoseconds
     * @return whether they are right so far
     */
    boolean accept(ByteBuf in, int index, int count, long now, Histogram delays) {
      int end = at + count;
      if (end > template.length) {
        return false;
      }
      int from = index - at; // what to add to a place in the template
      while (at < end) {
        int next = stamp < template.stamps.length ? template.stamps[stamp] : end;
        if (at < next) {
          int equal = Math.min(next, end) - at;
          if (!ByteBufUtil.equals(in, from + at, template.bytes, at, equal)) {
            return false;
          }
          at += equal;
        } else if (!digit(in.getByte(from + at), next, now, delays)) {
          return false;
        }
      }
      return true;
    }

    private boolean digit(byte digit, int begin, long now, Histogram delays) {
      if (digit < '0' || digit > '9') {
        return false;
      }
      time = (at == begin ? 0 : time * 10) + digit - '0';
      at++;
      if (at == begin + Answer.STAMP_DIGITS) {
        stamp++;
        delays.recordValue(Math.clamp(now - time, 0, delays.getHighestTrackableValue()));
      }
      return true;
    }
  }
}
