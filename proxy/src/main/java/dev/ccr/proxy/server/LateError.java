package dev.ccr.proxy.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.upstream.Origin;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;

/**
 * An upstream's error that came when the client had a status already, of an early comment's: it can
 * only be told as an {@code error} event. Keeps the beginning of its body, on the heap.
 */
final class LateError {

  /** Of a body more is not told, in bytes. */
  private static final int MAX_QUOTED = 2_000;

  private final Origin origin;
  private final int status;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  LateError(Origin origin, int status) {
    this.origin = origin;
    this.status = status;
  }

  /** Adds the next bytes, borrowed. */
  void add(ByteBuf bytes) {
    int count = Math.min(bytes.readableBytes(), MAX_QUOTED - body.size());
    for (int i = 0; i < count; i++) {
      body.write(bytes.getByte(bytes.readerIndex() + i));
    }
  }

  /** The failure: its type goes by the status, its message quotes the upstream's. */
  UpstreamException failure() {
    String words = "upstream " + origin + " answered " + status;
    return new UpstreamException(
        ApiErrorType.ofStatus(status), status, words + ": " + body.toString(UTF_8), words);
  }
}
