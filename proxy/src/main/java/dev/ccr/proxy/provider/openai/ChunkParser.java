package dev.ccr.proxy.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.json.Spares;
import dev.ccr.proxy.model.MalformedStreamException;
import io.netty.buffer.ByteBuf;

/**
 * All that reading chunks takes. It belongs to one stream from the first byte of a chunk to its
 * last; between chunks it serves others of the thread, since most streams wait most of the time.
 */
final class ChunkParser {

  private static final Spares<ChunkParser> SPARES = new Spares<>(ChunkParser::new);

  private final ChatChunk chunk = new ChatChunk();
  private final ShapeLearner learner = new ShapeLearner();
  private final ChatChunkReader reader = new ChatChunkReader(chunk, learner);
  private final JsonFeed feed = new JsonFeed();
  private final Chars text = new Chars();

  private ChunkParser() {}

  /**
   * One that reads chunks of an answer.
   *
   * @param shapes learns from them
   */
  static ChunkParser of(ChatFacts facts, ChunkShapes shapes) {
    ChunkParser parser = SPARES.take();
    parser.chunk.facts = facts;
    parser.learner.learnFor(shapes);
    return parser;
  }

  /** It has read whole chunks, the last of them is clear, and its stream needs it no more. */
  void giveBack() {
    if (!feed.detach() || !SPARES.give(this)) {
      feed.close();
    }
  }

  /** It is of no more use to anybody. */
  void close() {
    feed.close();
  }

  /** The chunk that is being read, or that has just been. */
  ChatChunk chunk() {
    return chunk;
  }

  /** For whatever needs a text for a moment. */
  Chars text() {
    return text;
  }

  /** As {@link JsonFeed#open} does. */
  void open(ByteBuf in) {
    feed.open(in);
  }

  /** A line of data begins; as {@link ShapeLearner#begin} does. */
  void begin(ByteBuf in, int start, int end) {
    learner.begin(in, start, end);
  }

  /** As {@link JsonFeed#feed(int, int)} does. */
  void feed(int start, int end) throws MalformedStreamException {
    feed.feed(start, end);
  }

  /** As {@link JsonFeed#isBetweenValues} does. */
  boolean isBetweenValues() {
    return feed.isBetweenValues();
  }

  /**
   * Reads on to the end of a chunk. Whoever has made use of it clears it.
   *
   * @return {@code false} if what was fed is used up before that
   */
  boolean read() throws MalformedStreamException {
    for (JsonToken token = feed.next();
        token != JsonToken.NOT_AVAILABLE;
        token = feed.next()) {
      if (reader.read(token, feed)) {
        learner.chunk(chunk);
        return true;
      }
    }
    return false;
  }
}
