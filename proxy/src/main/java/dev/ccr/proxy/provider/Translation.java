package dev.ccr.proxy.provider;

import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import io.netty.buffer.ByteBuf;

/**
 * The translation of one exchange: first its request, then its answer. What the request had to
 * change (a name that is too long, say) is remembered for the answer. One an exchange; used by one
 * thread.
 */
public interface Translation {

  /**
   * Writes the body of the upstream request.
   *
   * @param in the client's whole body, borrowed, in one piece; already known to be one JSON object
   * @param out of {@code in}: notes glue and ranges
   * @return the whole body
   * @throws RequestException if the request cannot be said in this dialect
   */
  Splices.Section encodeRequest(ByteBuf in, Splices out) throws RequestException;

  /**
   * Opens a transcoder for the answer, which has a status of 2xx.
   *
   * @param upstreamStreams whether its content type says that the body is an event stream;
   *     the body itself may say something else
   */
  StreamTranscoder openAnswer(boolean upstreamStreams);
}
