package dev.ccr.proxy.tokens;

/**
 * How many input tokens a request has.
 *
 * @param tokens at least 1
 * @param exact whether all of it was counted; else a part is an estimate, a token for four bytes,
 *     which lies between what was counted and what there could be
 */
public record TokenCount(long tokens, boolean exact) {}
