package dev.ccr.proxy.config;

import java.time.Duration;

/**
 * When a provider counts as down. Immutable.
 *
 * @param failures so many one after the other, 1 to 32
 * @param open how long it is left alone until one request tries it again
 * @param failFast whether a request that nobody else can answer is refused meanwhile; if not, it is
 *     sent all the same
 */
public record CircuitSettings(int failures, Duration open, boolean failFast) {}
