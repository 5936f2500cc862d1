package dev.ccr.proxy.model;

/**
 * A routing decision.
 *
 * @param provider who answers
 * @param model the model name sent upstream
 * @param rule the rule that decided, for logs and the {@code x-ccr-route} header
 */
public record Route(Provider provider, String model, String rule) {}
