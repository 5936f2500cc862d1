package dev.ccr.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * An {@link Answer} as it goes over the wire, made once: a head, and pieces of which each is a
 * write and a chunk. Safe for any thread; its buffers are never released.
 */
final class Reply {

  final Answer answer;
  private final List<ByteBuf> pieces = new ArrayList<>();

  /** Where the time's digits begin in a piece, or -1. */
  private final List<Integer> stamps = new ArrayList<>();

  /** Whether it has its end; else the connection ends instead. */
  final boolean whole;

  /** The answer as it is to be. */
  static Reply of(Answer answer) {
    return new Reply(answer, answer.events(), true);
  }

  /**
   * Other than it is to be.
   *
   * @param events in their order
   * @param whole whether the last chunk follows
   */
  Reply(Answer answer, List<String> events, boolean whole) {
    this.answer = answer;
    this.whole = whole;
    if (!answer.isStream()) {
      String body = events.getFirst();
      add(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
              + "\r\n\r\n" + body);
      return;
    }
    String head =
        String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "content-type: text/event-stream",
            "cache-control: no-cache",
            "transfer-encoding: chunked",
            "\r\n");
    for (int i = 0; i < events.size(); i += answer.eventsPerWrite) {
      int end = Math.min(events.size(), i + answer.eventsPerWrite);
      String data = String.join("", events.subList(i, end));
      String last = end == events.size() && whole ? "0\r\n\r\n" : "";
      String size = Integer.toHexString(data.length());
      add((i == 0 ? head : "") + size + "\r\n" + data + "\r\n" + last);
    }
  }

  private void add(String piece) {
    ByteBuf bytes = Unpooled.directBuffer(piece.length());
    bytes.writeBytes(piece.getBytes(US_ASCII));
    pieces.add(bytes);
    stamps.add(piece.indexOf(Answer.STAMP) + 1);
  }

  int pieces() {
    return pieces.size();
  }

  /**
   * A piece to be written.
   *
   * @return given
   */
  ByteBuf piece(int index, ByteBufAllocator allocator) {
    ByteBuf piece = pieces.get(index);
    int stamp = stamps.get(index);
    if (stamp == 0) {
      return piece.retainedDuplicate();
    }
    int length = piece.readableBytes();
    ByteBuf copy = allocator.directBuffer(length).writeBytes(piece, 0, length);
    long time = System.nanoTime();
    for (int at = stamp + Answer.STAMP_DIGITS - 1; at >= stamp; at--) {
      copy.setByte(at, (int) ('0' + time % 10));
      time /= 10;
    }
    return copy;
  }
}
