package dev.ccr.proxy.config;

import dev.ccr.proxy.model.ModelRef;
import org.jspecify.annotations.Nullable;

/**
 * Which model serves which kind of request; {@code null} where the file names none. Every provider
 * named here is configured.
 *
 * @param defaultRoute for requests that nothing else decides
 * @param think for requests that ask for reasoning
 * @param longContext for requests that outgrow the usual context window
 * @param background for the client's small chores
 * @param webSearch for requests that bring a web search tool
 */
public record Routes(
    @Nullable ModelRef defaultRoute,
    @Nullable ModelRef think,
    @Nullable ModelRef longContext,
    @Nullable ModelRef background,
    @Nullable ModelRef webSearch) {}
