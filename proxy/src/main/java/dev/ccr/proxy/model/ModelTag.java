package dev.ccr.proxy.model;

/**
 * A subagent's wish for a model, as its author wrote it at the beginning of a prompt: {@code
 * <CCR-SUBAGENT-MODEL>provider,model</CCR-SUBAGENT-MODEL>}.
 *
 * @param target what stands inside, not checked
 * @param start offset of the tag's first byte in the body
 * @param end offset behind its last byte
 */
public record ModelTag(String target, int start, int end) {}
