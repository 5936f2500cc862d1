package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.sse.SseScanner;
import io.netty.buffer.ByteBuf;

/**
 * Reads {@code chat.completion.chunk} events up to {@code [DONE]}. A chunk is translated as soon as
 * its last brace has come.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">Chat, streaming</a>
 */
final class ChatStreamTranscoder extends ChatTranscoder implements SseScanner.Sink {

  /** What the current event's data turned out to be. */
  private enum Data {
    /** Nothing but white space so far. */
    BLANK,
    JSON,
    /** {@code [DONE]}, or the beginning of it. */
    DONE_MARK,
    /** Neither: some servers send words as signs of life. */
    OTHER
  }

  private static final int WINDOW_BYTES = 65_536;

  /** A copy of what is being scanned: arrays are compared faster than buffers. */
  private static final ThreadLocal<byte[]> WINDOW =
      ThreadLocal.withInitial(() -> new byte[WINDOW_BYTES]);

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final SseScanner scanner = new SseScanner(JsonFeed.MAX_STRING_CHARS);
  private Data data = Data.BLANK;
  private int doneMatched;
  private int windowStart; // indices in the buffer that is being scanned
  private int windowEnd;

  ChatStreamTranscoder(ClaudeWriter writer, ChatAnswer answer) {
    super(writer, answer);
  }

  @Override
  void scan(ByteBuf in) throws MalformedStreamException, UpstreamException {
    windowEnd = -1;
    scanner.scan(in, this);
  }

  @Override
  public int event(ByteBuf in, int start, int end) throws UpstreamException {
    if (!shapes.areSome() || answer.isStopped()) {
      return start;
    }
    byte[] window = WINDOW.get();
    if (start >= windowEnd) {
      windowStart = start;
      windowEnd = Math.min(end, start + WINDOW_BYTES);
      in.getBytes(start, window, 0, windowEnd - start);
    }
    ChunkParser parser = parser();
    ChatChunk chunk = parser.chunk();
    int behind =
        shapes.read(window, start - windowStart, windowEnd - windowStart, parser.text(), chunk);
    if (behind < 0) {
      return start;
    }
    answer.add(chunk);
    chunk.clear();
    return windowStart + behind;
  }

  @Override
  boolean isBetweenChunks() {
    return data != Data.JSON;
  }

  @Override
  void chunkEnd() {} // [DONE] ends the answer, or the body's end

  @Override
  public void data(ByteBuf in, int start, int end)
      throws MalformedStreamException, UpstreamException {
    if (answer.isStopped()) {
      return; // whatever follows [DONE] is not part of the answer
    }
    int at = start;
    boolean begins = data == Data.BLANK;
    while (data == Data.BLANK && at < end) {
      byte b = in.getByte(at);
      if (b == ' ' || b == '\t') {
        at++;
      } else {
        data = b == '{' ? Data.JSON : b == DONE[0] ? Data.DONE_MARK : Data.OTHER;
      }
    }
    if (data == Data.JSON) {
      ChunkParser parser = parser();
      if (begins) {
        parser.begin(in, start, end);
      }
      parser.feed(at, end);
      drain();
    } else if (data == Data.DONE_MARK) {
      for (; at < end && doneMatched < DONE.length; at++) {
        if (in.getByte(at) != DONE[doneMatched++]) {
          data = Data.OTHER;
          return;
        }
      }
    }
  }

  /**
   * In JSON a line feed is white space where a line may end at all: nothing to feed. Behind a whole
   * value something else begins: some servers leave the blank lines out.
   */
  @Override
  public void lineFeed() {
    if (data == Data.JSON && parser().isBetweenValues()) {
      data = Data.BLANK;
    }
  }

  @Override
  public void eventEnd() throws MalformedStreamException, UpstreamException {
    if (data == Data.JSON && !parser().isBetweenValues()) {
      throw new MalformedStreamException("the upstream sent an event that ends inside its JSON");
    }
    if (isDone()) {
      answer.stop();
    }
    data = Data.BLANK;
    doneMatched = 0;
  }

  @Override
  void end() throws MalformedStreamException, UpstreamException {
    if (isDone() || answer.isFinished()) { // what came after the finish may be lost
      answer.stop();
    } else {
      throw cut();
    }
  }

  private boolean isDone() {
    return data == Data.DONE_MARK && doneMatched == DONE.length;
  }
}
