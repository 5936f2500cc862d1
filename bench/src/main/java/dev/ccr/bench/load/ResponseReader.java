package dev.ccr.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Reads one answer after the other from a connection, and compares its body. It knows what servers
 * send that are used here: a length or chunks, no trailers. Allocates for a head, for nothing else.
 * For one thread.
 */
final class ResponseReader {

  private static final int HEAD_LIMIT = 8_192;

  private enum State {
    HEAD,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    LAST_CHUNK_END
  }

  /** What bytes came to. */
  enum Outcome {
    MORE,
    /** An answer is over, and was right. */
    COMPLETE,
    WRONG
  }

  private final Template.Cursor cursor;
  private final Histogram delays;
  private final byte[] head = new byte[HEAD_LIMIT];
  private int headLength;
  private State state = State.HEAD;
  private long left;
  private int taken;
  private String fault = "";

  /** @param delays receives how long events were on their way */
  ResponseReader(Template template, Histogram delays) {
    this.cursor = new Template.Cursor(template);
    this.delays = delays;
  }

  /** Why an outcome was {@link Outcome#WRONG}. */
  String fault() {
    return fault;
  }

  /** How much of the answer's body has come. */
  int position() {
    return cursor.position();
  }

  /** How many bytes of bodies were right since this was last asked. */
  int take() {
    int bytes = taken;
    taken = 0;
    return bytes;
  }

  /** Reads what came, to its end: answers are not sent ahead. {@code in} is borrowed. */
  Outcome read(ByteBuf in, long now) {
    Outcome outcome = Outcome.MORE;
    while (in.isReadable() && outcome == Outcome.MORE) {
      outcome =
          switch (state) {
            case HEAD -> head(in);
            case LENGTH -> body(in, now);
            case CHUNK -> chunk(in, now);
            case CHUNK_SIZE -> size(in);
            case CHUNK_END -> lineEnd(in, State.CHUNK_SIZE);
            case LAST_CHUNK_END -> lineEnd(in, State.HEAD);
          };
    }
    if (outcome == Outcome.COMPLETE && in.isReadable()) {
      return wrong("bytes behind an answer");
    }
    return outcome;
  }

  private Outcome head(ByteBuf in) {
    while (in.isReadable()) {
      byte next = in.readByte();
      if (headLength == HEAD_LIMIT) {
        return wrong("a head of more than " + HEAD_LIMIT + " bytes");
      }
      head[headLength++] = next;
      if (next == '\n' && headLength >= 4 && head[headLength - 3] == '\n') {
        String text = new String(head, 0, headLength, ISO_8859_1);
        headLength = 0;
        return begin(text);
      }
    }
    return Outcome.MORE;
  }

  private Outcome begin(String text) {
    if (!text.startsWith("HTTP/1.1 200 ")) {
      return wrong("status: " + text.lines().findFirst().orElse("") + " (expected: 200)");
    }
    String fields = text.toLowerCase(Locale.ROOT);
    cursor.restart();
    left = 0;
    int length = fields.indexOf("\r\ncontent-length: ");
    if (length >= 0) {
      int from = length + "\r\ncontent-length: ".length();
      left = Long.parseLong(fields.substring(from, fields.indexOf('\r', from)));
      state = State.LENGTH;
    } else if (fields.contains("\r\ntransfer-encoding: chunked\r\n")) {
      state = State.CHUNK_SIZE;
    } else {
      return wrong("neither a length nor chunks");
    }
    return Outcome.MORE;
  }

  private Outcome body(ByteBuf in, long now) {
    if (!accept(in, now)) {
      return Outcome.WRONG;
    }
    return left > 0 ? Outcome.MORE : complete();
  }

  private Outcome chunk(ByteBuf in, long now) {
    if (!accept(in, now)) {
      return Outcome.WRONG;
    }
    if (left == 0) {
      state = State.CHUNK_END;
    }
    return Outcome.MORE;
  }

  private boolean accept(ByteBuf in, long now) {
    int count = (int) Math.min(left, in.readableBytes());
    if (!cursor.accept(in, in.readerIndex(), count, now, delays)) {
      wrong("other bytes than expected behind " + cursor.position());
      return false;
    }
    in.skipBytes(count);
    left -= count;
    taken += count;
    return true;
  }

  private Outcome size(ByteBuf in) {
    byte next = in.readByte();
    int digit = Character.digit(next, 16);
    if (digit >= 0) {
      left = left * 16 + digit;
    } else if (next == '\n') {
      state = left == 0 ? State.LAST_CHUNK_END : State.CHUNK;
    } else if (next != '\r') {
      return wrong("size of a chunk: byte " + next);
    }
    return left > Integer.MAX_VALUE ? wrong("size of a chunk: " + left) : Outcome.MORE;
  }

  private Outcome lineEnd(ByteBuf in, State next) {
    byte found = in.readByte();
    if (found == '\n') {
      state = next;
      return next == State.HEAD ? complete() : Outcome.MORE;
    }
    return found == '\r' ? Outcome.MORE : wrong("end of a chunk: byte " + found);
  }

  private Outcome complete() {
    state = State.HEAD;
    return cursor.isAtEnd() ? Outcome.COMPLETE : wrong("an end after " + cursor.position());
  }

  private Outcome wrong(String what) {
    fault = what;
    return Outcome.WRONG;
  }
}
