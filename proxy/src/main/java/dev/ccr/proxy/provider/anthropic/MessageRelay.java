package dev.ccr.proxy.provider.anthropic;

import dev.ccr.proxy.claude.UsageReader;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.model.Usage;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Hands on a whole Claude message byte for byte and listens for its figures. */
final class MessageRelay implements StreamTranscoder {

  private final UsageReader reader = new UsageReader();
  private final JsonFeed feed = new JsonFeed();
  private boolean deaf;

  @Override
  public boolean transcode(ByteBuf in, ByteBuf out) {
    for (ByteBuffer piece : in.nioBuffers()) {
      listen(piece);
    }
    out.writeBytes(in);
    return false;
  }

  @Override
  public void end(boolean cleanly, ByteBuf out) throws UpstreamException {
    if (!cleanly) {
      throw UpstreamException.badGateway("the upstream answer ended before it was complete");
    }
  }

  @Override
  public boolean isMessageOpen() {
    return false; // a message in one has no room for anything else
  }

  @Override
  public void close() {
    feed.close();
  }

  @Override
  public Usage usage() {
    return reader.usage();
  }

  private void listen(ByteBuffer bytes) {
    if (deaf || !bytes.hasRemaining()) {
      return;
    }
    try {
      feed.feed(bytes);
      reader.drain(feed);
    } catch (MalformedStreamException e) {
      deaf = true; // whatever it is, it is the client's
    }
  }
}
