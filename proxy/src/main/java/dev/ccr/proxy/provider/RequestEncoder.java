package dev.ccr.proxy.provider;

import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import io.netty.buffer.ByteBuf;

/** Turns a Claude request into the body of an upstream request. */
public interface RequestEncoder {

  /**
   * Writes the upstream body.
   *
   * @param in the client's whole body, borrowed, in one piece; already known to be one JSON object
   * @param facts what the scan of the body found out
   * @param model the model's name for the upstream
   * @param out of {@code in}: notes glue and ranges
   * @return the whole body
   * @throws RequestException if the request cannot be said in this dialect
   */
  Splices.Section encodeRequest(ByteBuf in, RequestFacts facts, String model, Splices out)
      throws RequestException;
}
