package dev.ccr.proxy.provider.anthropic;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.UsageReader;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.json.Spares;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.Usage;
import dev.ccr.proxy.sse.SseScanner;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Listens to a Claude event stream for its figures and its end. The events of content blocks, which
 * are nearly all, are known by their first bytes and not parsed. An event that is no JSON is not
 * this class's affair: it listens to the next.
 */
final class EventTap implements SseScanner.Sink {

  private static final Spares<JsonFeed> FEEDS = new Spares<>(JsonFeed::new);

  private static final byte[] BLOCK_EVENT = ascii("{\"type\":\"content_block_");

  private final UsageReader reader = new UsageReader();

  /** Reads the current event, if it is read. */
  private @Nullable JsonFeed feed;

  /** How many of the event's first bytes are those of a block event; -1 once it is none. */
  private int matched;

  /** The current event is no JSON. */
  private boolean unreadable;

  private boolean started;
  private boolean finished;

  /** Nothing more comes. */
  void close() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
  }

  Usage usage() {
    return reader.usage();
  }

  /** Whether {@code message_start} has come. */
  boolean isStarted() {
    return started;
  }

  /** Whether {@code message_stop} or {@code error} has come, after which no event is missing. */
  boolean isFinished() {
    return finished;
  }

  @Override
  public void data(ByteBuf in, int start, int end) {
    int at = start;
    while (at < end && matched >= 0 && matched < BLOCK_EVENT.length) {
      if (in.getByte(at) == BLOCK_EVENT[matched]) {
        matched++;
        at++;
      } else {
        read(ByteBuffer.wrap(BLOCK_EVENT, 0, matched));
        matched = -1;
      }
    }
    if (matched < 0) {
      read(in.nioBuffer(at, end - at));
    }
  }

  @Override
  public void lineFeed() {}

  @Override
  public void eventEnd() {
    unreadable |= feed != null && !feed.isBetweenValues();
    if (unreadable) { // the parser cannot go on: the next event gets another
      unreadable = false;
      reader.reset();
      close();
    } else if (matched < 0) {
      started |= reader.type().equals("message_start");
      finished |= reader.type().equals("message_stop") || reader.type().equals("error");
      giveBack();
    }
    matched = 0;
  }

  private void giveBack() {
    if (feed != null && feed.detach() && FEEDS.give(feed)) {
      feed = null;
    } else {
      close();
    }
  }

  private void read(ByteBuffer bytes) {
    if (unreadable || !bytes.hasRemaining()) {
      return;
    }
    JsonFeed reads = feed == null ? FEEDS.take() : feed;
    feed = reads;
    try {
      reads.feed(bytes);
      reader.drain(reads);
    } catch (MalformedStreamException e) {
      unreadable = true;
    }
  }
}
