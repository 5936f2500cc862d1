package dev.ccr.proxy.config;

import java.net.URI;

/**
 * A proxy between the router and its upstreams.
 *
 * @param url an http or https URL without user information
 * @param credentials {@code user:password} as the configured URL had it, or none
 * @param configured the whole of that URL
 */
public record ForwardProxy(URI url, Secret credentials, Secret configured) {}
