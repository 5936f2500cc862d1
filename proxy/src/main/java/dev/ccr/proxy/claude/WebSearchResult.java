package dev.ccr.proxy.claude;

/**
 * A page that an answer rests on.
 *
 * @param title empty if the upstream gives none
 */
public record WebSearchResult(String url, String title) {}
