package dev.ccr.proxy.provider.anthropic;

import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.model.Usage;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.sse.SseScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Hands on a Claude event stream byte for byte, event by event. Half an event waits for its rest,
 * so that a stream that breaks off can be ended with an {@code error} event of ours.
 */
final class EventRelay implements StreamTranscoder {

  private static final int MAX_EVENT_BYTES = JsonFeed.MAX_STRING_CHARS;

  private final SseScanner scanner = new SseScanner(MAX_EVENT_BYTES);
  private final EventTap tap = new EventTap();

  /** The beginning of an event; on the heap and unpooled, so that nobody has to release it. */
  private final ByteBuf held = Unpooled.buffer(0);

  @Override
  public boolean transcode(ByteBuf in, ByteBuf out)
      throws MalformedStreamException, UpstreamException {
    try {
      relay(in, out);
      return false; // what comes after message_stop is the client's too
    } catch (MalformedStreamException e) {
      if (!tap.isFinished()) {
        throw e;
      }
      held.clear();
      in.readerIndex(in.writerIndex());
      return true; // behind message_stop nothing is missed
    }
  }

  private void relay(ByteBuf in, ByteBuf out) throws MalformedStreamException, UpstreamException {
    int start = in.readerIndex();
    int end = in.writerIndex();
    scanner.scan(in, tap);
    int boundary = scanner.boundary();
    if (boundary >= 0) {
      out.writeBytes(held);
      held.clear();
      out.writeBytes(in, start, boundary - start);
      start = boundary;
    }
    if (held.readableBytes() + (end - start) > MAX_EVENT_BYTES) {
      throw new MalformedStreamException(
          "the upstream sent an event of more than " + MAX_EVENT_BYTES + " bytes");
    }
    held.writeBytes(in, start, end - start);
  }

  @Override
  public void end(boolean cleanly, ByteBuf out)
      throws MalformedStreamException, UpstreamException {
    if (cleanly) {
      scanner.finish(tap); // the last event may lack its blank line
    }
    if (!tap.isFinished()) {
      throw UpstreamException.badGateway("the upstream stream ended before it was complete");
    }
    if (cleanly) {
      out.writeBytes(held);
    }
  }

  @Override
  public boolean isMessageOpen() {
    return tap.isStarted() && !tap.isFinished();
  }

  @Override
  public void close() {
    tap.close();
  }

  @Override
  public Usage usage() {
    return tap.usage();
  }
}
