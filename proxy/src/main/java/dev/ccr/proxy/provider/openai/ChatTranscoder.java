package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.model.Usage;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What reading a streamed and a whole completion have in common: JSON that comes in pieces. */
abstract class ChatTranscoder implements StreamTranscoder {

  final ChatAnswer answer;
  final ChunkShapes shapes = new ChunkShapes();
  private final ClaudeWriter writer;

  /** While bytes are read, and on from there if they end inside a chunk. */
  private @Nullable ChunkParser parser;

  ChatTranscoder(ClaudeWriter writer, ChatAnswer answer) {
    this.writer = writer;
    this.answer = answer;
  }

  @Override
  public final boolean transcode(ByteBuf in, ByteBuf out)
      throws MalformedStreamException, UpstreamException {
    writer.into(out);
    try {
      if (!answer.isStopped()) {
        read(in);
      }
    } catch (MalformedStreamException e) {
      if (!answer.isFinished()) {
        throw e;
      }
      close();
      answer.stop(); // what is broken stands behind a complete answer
    }
    in.skipBytes(in.readableBytes());
    return answer.isStopped();
  }

  @Override
  public final void end(boolean cleanly, ByteBuf out)
      throws MalformedStreamException, UpstreamException {
    writer.into(out);
    if (!answer.isStopped()) {
      end();
    }
  }

  @Override
  public final boolean isMessageOpen() {
    return answer.isStarted() && !answer.isStopped();
  }

  @Override
  public final void close() {
    if (parser != null) {
      parser.close();
      parser = null;
    }
  }

  @Override
  public final Usage usage() {
    return answer.usage();
  }

  private void read(ByteBuf in) throws MalformedStreamException, UpstreamException {
    ChunkParser current = parser();
    if (in.nioBufferCount() == 1) {
      current.open(in);
      scan(in);
    } else {
      for (ByteBuffer piece : in.nioBuffers()) {
        if (!answer.isStopped()) {
          ByteBuf bytes = Unpooled.wrappedBuffer(piece);
          current.open(bytes);
          scan(bytes);
        }
      }
    }
    if (isBetweenChunks()) {
      parser = null;
      current.giveBack();
    }
  }

  /** Reads bytes that the parser has open, to their end. */
  abstract void scan(ByteBuf in) throws MalformedStreamException, UpstreamException;

  /** Whether nothing is left to the parser to remember. */
  abstract boolean isBetweenChunks();

  /** The body has ended, cleanly or not, and the answer is not stopped yet. */
  abstract void end() throws MalformedStreamException, UpstreamException;

  /** A whole chunk has gone to the answer. */
  abstract void chunkEnd() throws MalformedStreamException, UpstreamException;

  /** Reads what the parser has been fed, up to the end of the answer; chunks go to the answer. */
  final void drain() throws MalformedStreamException, UpstreamException {
    ChunkParser current = parser();
    while (!answer.isStopped() && current.read()) {
      answer.add(current.chunk());
      current.chunk().clear();
      chunkEnd();
    }
  }

  /** What reads the chunks, from here on to where none is being read. */
  final ChunkParser parser() {
    ChunkParser current = parser;
    if (current == null) {
      current = ChunkParser.of(answer.facts(), shapes);
      parser = current;
    }
    return current;
  }

  static UpstreamException cut() {
    return UpstreamException.badGateway("the upstream stream ended before it was complete");
  }
}
