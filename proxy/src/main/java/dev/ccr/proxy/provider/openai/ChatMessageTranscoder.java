package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.buffer.ByteBuf;

/**
 * Reads one whole {@code chat.completion}.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/object">Chat completion</a>
 */
final class ChatMessageTranscoder extends ChatTranscoder {

  /** How much of a body that is no JSON an error quotes, in characters. */
  private static final int EXCERPT = 200;

  private final StringBuilder excerpt = new StringBuilder();
  private boolean begun;

  ChatMessageTranscoder(ClaudeWriter writer, ChatAnswer answer) {
    super(writer, answer);
  }

  @Override
  void scan(ByteBuf in) throws MalformedStreamException, UpstreamException {
    int start = in.readerIndex();
    int end = in.writerIndex();
    if (!begun && excerpt.isEmpty()) {
      begun = in.getByte(start) == '{';
    }
    if (begun) {
      parser().feed(start, end);
      drain();
    } else {
      quote(in, start, end);
    }
  }

  @Override
  boolean isBetweenChunks() {
    return answer.isStopped();
  }

  @Override
  void chunkEnd() throws MalformedStreamException, UpstreamException {
    if (!answer.isStarted()) {
      throw new MalformedStreamException("the upstream answered without choices");
    }
    answer.stop();
  }

  @Override
  void end() throws MalformedStreamException, UpstreamException {
    if (excerpt.isEmpty()) {
      throw cut();
    }
    throw new MalformedStreamException(
        "the upstream answered with something that is no JSON", excerpt.toString());
  }

  private void quote(ByteBuf in, int start, int end) {
    for (int i = start; i < end && excerpt.length() < EXCERPT; i++) {
      byte b = in.getByte(i);
      excerpt.append(b < ' ' ? ' ' : (char) b); // anything but printable ASCII becomes a blank
    }
  }
}
