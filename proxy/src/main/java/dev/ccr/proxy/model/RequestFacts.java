package dev.ccr.proxy.model;

import org.jspecify.annotations.Nullable;

/**
 * What one pass over a Claude request found out, for routing and for splicing. Offsets are indices
 * of the body's buffer.
 *
 * @param model the requested model, or {@code null} if the request names none
 * @param modelStart offset of the model value's opening quote, or -1
 * @param modelEnd offset just behind its closing quote, or -1
 * @param stream whether the client asked for a stream
 * @param traits what else it asks for
 */
public record RequestFacts(
    @Nullable String model, int modelStart, int modelEnd, boolean stream, RequestTraits traits) {

  /** A request that asks for nothing out of the ordinary. */
  public RequestFacts(@Nullable String model, int modelStart, int modelEnd, boolean stream) {
    this(model, modelStart, modelEnd, stream, RequestTraits.NONE);
  }

  /** The same once the model tag is cut out, by moving what is before it towards it. */
  public RequestFacts withoutTag() {
    ModelTag tag = traits.tag();
    if (tag == null) {
      return this;
    }
    int moved = modelStart >= 0 && modelStart < tag.start() ? tag.end() - tag.start() : 0;
    return new RequestFacts(model, modelStart + moved, modelEnd + moved, stream, traits);
  }
}
