package dev.ccr.proxy.model;

import org.jspecify.annotations.Nullable;

/**
 * What one pass over a Claude request found out, for routing and for splicing. Offsets count bytes
 * from the first byte of the body.
 *
 * @param model the requested model, or {@code null} if the request names none
 * @param modelStart offset of the model value's opening quote, or -1
 * @param modelEnd offset just behind its closing quote, or -1
 * @param stream whether the client asked for a stream
 */
public record RequestFacts(
    @Nullable String model, int modelStart, int modelEnd, boolean stream) {}
