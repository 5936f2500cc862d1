package dev.ccr.proxy.sse;

import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.buffer.ByteBuf;

/**
 * Finds the data payloads of a server-sent event stream in bytes that may be cut anywhere. Nothing
 * is collected or copied: a payload cut by the network is handed on in pieces.
 *
 * <p>Lines end with LF, CRLF or CR; comments and all fields but {@code data} are passed over; a
 * byte order mark at the very start is too. One scanner a stream; not thread-safe.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">
 *     HTML, Interpreting an event stream</a>
 */
public final class SseScanner {

  /** Receives the payloads, in order. */
  public interface Sink {

    /**
     * A line begins that may be the first of an event. A sink that knows events by their bytes may
     * take a whole one here: it does not come by the other methods then.
     *
     * @param in the buffer given to {@link SseScanner#scan}, borrowed
     * @param start index of the line
     * @param end index behind the bytes that there are
     * @return index behind the blank line of the event that was taken, or {@code start}
     */
    default int event(ByteBuf in, int start, int end)
        throws MalformedStreamException, UpstreamException {
      return start;
    }

    /**
     * The next piece of the current event's data.
     *
     * @param in the buffer given to {@link SseScanner#scan}, borrowed
     * @param start index of the piece's first byte
     * @param end index behind its last byte, greater than {@code start}
     */
    void data(ByteBuf in, int start, int end) throws MalformedStreamException, UpstreamException;

    /** Another {@code data} line of the same event begins: the pieces are joined by a line feed. */
    void lineFeed() throws MalformedStreamException, UpstreamException;

    /** The current event is whole. Only called for events that have a {@code data} line. */
    void eventEnd() throws MalformedStreamException, UpstreamException;
  }

  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private enum State {
    /** Only here at the very first bytes. */
    BYTE_ORDER_MARK,
    LINE_START,
    FIELD_NAME,
    VALUE_START,
    DATA,
    /** In a comment, or in a field nobody asks for. */
    REST_OF_LINE
  }

  private final int maxEventBytes;
  private State state = State.BYTE_ORDER_MARK;

  /** How many bytes of the field name or the byte order mark have matched. */
  private int matched;

  /** The last line ended with CR: a LF that follows belongs to it. */
  private boolean afterCarriageReturn;

  /** The last line was blank. */
  private boolean afterEvent;

  private boolean eventHasData;
  private int eventBytes;
  private int boundary = -1;

  /**
   * @param maxEventBytes the most data bytes one event may have
   */
  public SseScanner(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * Scans the next bytes of the stream.
   *
   * @param in borrowed; read to its end on return
   * @throws MalformedStreamException if an event is larger than the limit, or from {@code sink}
   * @throws UpstreamException from {@code sink}
   */
  public void scan(ByteBuf in, Sink sink) throws MalformedStreamException, UpstreamException {
    int i = in.readerIndex();
    int end = in.writerIndex();
    boundary = -1;
    int lineFeed = i - 1; // position of the next LF, searched for again only when passed
    while (i < end) {
      switch (state) {
        case BYTE_ORDER_MARK -> {
          if (in.getByte(i) == BYTE_ORDER_MARK[matched]) {
            i++;
            if (++matched == BYTE_ORDER_MARK.length) {
              state = State.LINE_START;
            }
          } else { // half a mark is the beginning of some unknown field's name
            state = matched == 0 ? State.LINE_START : State.REST_OF_LINE;
          }
        }
        case LINE_START -> {
          byte b = in.getByte(i);
          if (b == '\n' && afterCarriageReturn) {
            afterCarriageReturn = false;
            i++;
            if (afterEvent) { // a client may wait for it to believe that the event is whole
              boundary = i;
            }
          } else if (b == '\n' || b == '\r') {
            i++;
            boundary = i;
            lineEnd(b);
            afterEvent = true;
            endEvent(sink);
          } else {
            afterCarriageReturn = false;
            int behind = eventHasData ? i : sink.event(in, i, end);
            afterEvent = behind > i;
            if (afterEvent) {
              i = behind;
              boundary = i;
            } else {
              matched = 0;
              state = State.FIELD_NAME;
            }
          }
        }
        case FIELD_NAME -> {
          byte b = in.getByte(i);
          if (b == '\n' || b == '\r') {
            if (matched == DATA.length) { // "data" without a colon: an empty value
              beginData(sink);
            }
            i++;
            lineEnd(b);
          } else if (matched < DATA.length && b == DATA[matched]) {
            matched++;
            i++;
          } else if (matched == DATA.length && b == ':') {
            beginData(sink);
            i++;
            state = State.VALUE_START;
          } else {
            state = State.REST_OF_LINE;
          }
        }
        case VALUE_START -> {
          if (in.getByte(i) == ' ') {
            i++;
          }
          state = State.DATA;
        }
        case DATA, REST_OF_LINE -> {
          if (lineFeed < i) {
            lineFeed = in.indexOf(i, end, (byte) '\n');
            lineFeed = lineFeed < 0 ? end : lineFeed;
          }
          int carriageReturn = in.indexOf(i, lineFeed, (byte) '\r');
          int stop = carriageReturn < 0 ? lineFeed : carriageReturn;
          if (state == State.DATA && stop > i) {
            countData(stop - i);
            sink.data(in, i, stop);
          }
          i = stop;
          if (stop < end) {
            lineEnd(in.getByte(stop));
            i++;
          }
        }
      }
    }
    in.readerIndex(end);
  }

  /**
   * The stream has ended: an event that still lacks its blank line, or even the end of its last
   * line, counts.
   */
  public void finish(Sink sink) throws MalformedStreamException, UpstreamException {
    endEvent(sink);
  }

  /**
   * Index behind the last blank line in the buffer scanned last, or -1 if there was none: up to
   * here the stream is whole events and comments.
   */
  public int boundary() {
    return boundary;
  }

  private void lineEnd(byte terminator) {
    afterCarriageReturn = terminator == '\r';
    state = State.LINE_START;
  }

  private void beginData(Sink sink) throws MalformedStreamException, UpstreamException {
    if (eventHasData) {
      sink.lineFeed();
    }
    eventHasData = true;
  }

  private void countData(int bytes) throws MalformedStreamException {
    if (bytes > maxEventBytes - eventBytes) {
      throw new MalformedStreamException(
          "the upstream sent an event of more than " + maxEventBytes + " bytes");
    }
    eventBytes += bytes;
  }

  private void endEvent(Sink sink) throws MalformedStreamException, UpstreamException {
    eventBytes = 0;
    if (eventHasData) {
      eventHasData = false;
      sink.eventEnd();
    }
  }
}
