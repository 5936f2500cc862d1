package dev.ccr.proxy.provider;

import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.model.Usage;
import io.netty.buffer.ByteBuf;

/**
 * Translates one upstream answer, with a status of 2xx, into what the client asked for. One object
 * an answer; used by one thread.
 */
public interface StreamTranscoder {

  /**
   * Translates the next chunk of the upstream body. Chunks may end anywhere, even inside an escape
   * or a UTF-8 sequence: the bytes written are the same however the body is cut.
   *
   * @param in upstream bytes, borrowed; read to its end on return
   * @param out receives whole Claude events, or the next part of a whole message, borrowed; what it
   *     already holds is left alone
   * @return {@code true} once the message is complete; further chunks are ignored
   * @throws MalformedStreamException if the body is not what the dialect promises; {@code out} then
   *     ends with the last whole event, and this transcoder must not be used again
   * @throws UpstreamException if the upstream reports an error inside its answer; as above
   */
  boolean transcode(ByteBuf in, ByteBuf out) throws MalformedStreamException, UpstreamException;

  /**
   * The upstream body has ended.
   *
   * @param cleanly {@code false} if the connection broke before the end that HTTP framing promised
   * @param out receives the rest of the message, borrowed
   * @throws MalformedStreamException as in {@link #transcode}
   * @throws UpstreamException if the answer is not complete: a cut answer never looks finished
   */
  void end(boolean cleanly, ByteBuf out) throws MalformedStreamException, UpstreamException;

  /**
   * Whether the beginning of the message is written and its end is not. All that {@link #transcode}
   * has written is whole events: then a {@code ping} may follow it.
   */
  boolean isMessageOpen();

  /** Nothing more is translated: gives back what was borrowed for it. */
  void close();

  /** The figures the upstream has reported so far. */
  Usage usage();
}
