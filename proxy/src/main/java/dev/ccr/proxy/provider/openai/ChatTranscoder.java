package dev.ccr.proxy.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.model.Usage;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** What reading a streamed and a whole completion have in common: JSON that comes in pieces. */
abstract class ChatTranscoder implements StreamTranscoder {

  final ChatChunk chunk = new ChatChunk();
  final JsonFeed feed = new JsonFeed();
  final ChatAnswer answer;
  final ChunkShapes shapes = new ChunkShapes();
  private final ChatChunkReader reader = new ChatChunkReader(chunk, shapes);
  private final ClaudeWriter writer;

  ChatTranscoder(ClaudeWriter writer, ChatAnswer answer) {
    this.writer = writer;
    this.answer = answer;
  }

  @Override
  public final boolean transcode(ByteBuf in, ByteBuf out)
      throws MalformedStreamException, UpstreamException {
    writer.into(out);
    try {
      read(in);
    } catch (MalformedStreamException e) {
      if (!answer.isFinished()) {
        throw e;
      }
      chunk.clear();
      answer.stop(chunk); // what is broken stands behind a complete answer
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
    feed.close();
  }

  @Override
  public final Usage usage() {
    return answer.usage();
  }

  private void read(ByteBuf in) throws MalformedStreamException, UpstreamException {
    if (answer.isStopped()) {
      return;
    }
    if (in.nioBufferCount() == 1) {
      feed.open(in);
      scan(in);
      return;
    }
    for (ByteBuffer piece : in.nioBuffers()) {
      if (!answer.isStopped()) {
        ByteBuf bytes = Unpooled.wrappedBuffer(piece);
        feed.open(bytes);
        scan(bytes);
      }
    }
  }

  /** Reads bytes of the chunk that the feed has open, to their end. */
  abstract void scan(ByteBuf in) throws MalformedStreamException, UpstreamException;

  /** The body has ended, cleanly or not, and the answer is not stopped yet. */
  abstract void end() throws MalformedStreamException, UpstreamException;

  /** A whole chunk has gone to the answer. */
  abstract void chunkEnd() throws MalformedStreamException, UpstreamException;

  /** Reads what the feed has been fed, up to the end of the answer; chunks go to the answer. */
  final void drain() throws MalformedStreamException, UpstreamException {
    for (JsonToken token = feed.next();
        token != JsonToken.NOT_AVAILABLE;
        token = feed.next()) {
      if (reader.read(token, feed)) {
        shapes.chunk(chunk);
        answer.add(chunk);
        chunk.clear();
        chunkEnd();
        if (answer.isStopped()) {
          return;
        }
      }
    }
  }

  static UpstreamException cut() {
    return UpstreamException.badGateway("the upstream stream ended before it was complete");
  }
}
