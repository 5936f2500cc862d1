package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.model.Usage;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Tells by the first byte of a body whether it is a stream or one message, since content types are
 * missing or wrong: some servers answer a stream request with JSON that they call a stream.
 */
final class ChatBodyTranscoder implements StreamTranscoder {

  private final ClaudeWriter writer;
  private final ChatAnswer answer;
  private final boolean calledStream;
  private @Nullable ChatTranscoder body;

  /** @param calledStream what the body is if its first byte does not tell */
  ChatBodyTranscoder(ClaudeWriter writer, ChatAnswer answer, boolean calledStream) {
    this.writer = writer;
    this.answer = answer;
    this.calledStream = calledStream;
  }

  @Override
  public boolean transcode(ByteBuf in, ByteBuf out)
      throws MalformedStreamException, UpstreamException {
    ChatTranscoder known = body;
    if (known == null) {
      while (in.isReadable() && isBlank(in.getByte(in.readerIndex()))) {
        in.skipBytes(1);
      }
      if (!in.isReadable()) {
        return false;
      }
      known = open(isStream(in.getByte(in.readerIndex())));
      body = known;
    }
    return known.transcode(in, out);
  }

  @Override
  public void end(boolean cleanly, ByteBuf out)
      throws MalformedStreamException, UpstreamException {
    ChatTranscoder known = body;
    (known == null ? open(calledStream) : known).end(cleanly, out);
  }

  @Override
  public boolean isMessageOpen() {
    return body != null && body.isMessageOpen();
  }

  @Override
  public void close() {
    if (body != null) {
      body.close();
    }
  }

  @Override
  public Usage usage() {
    return answer.usage();
  }

  private ChatTranscoder open(boolean stream) {
    return stream
        ? new ChatStreamTranscoder(writer, answer)
        : new ChatMessageTranscoder(writer, answer);
  }

  private boolean isStream(byte first) {
    return switch (first) {
      case '{', '[', '<' -> false; // no line of an event stream begins so
      case ':', 'd' -> true; // a comment, or data: no JSON begins so
      default -> calledStream;
    };
  }

  /** White space, or a byte of a byte order mark. */
  private static boolean isBlank(byte b) {
    return switch (b) {
      case ' ', '\t', '\n', '\r', (byte) 0xEF, (byte) 0xBB, (byte) 0xBF -> true;
      default -> false;
    };
  }
}
