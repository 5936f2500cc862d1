package dev.ccr.proxy.config;

import java.time.Duration;

/**
 * How the router keeps its clients from giving up, and how it takes leave of them. Zero switches
 * each of these off.
 *
 * @param ping how long a stream that has begun may be silent before its client gets a {@code ping}
 * @param earlyComments how long a client that wants a stream waits for its beginning before it gets
 *     an event stream's comment; with it the status leaves, and an upstream's error that comes
 *     later can only be an {@code error} event
 * @param gracePeriod how long a router that ends lets what is under way finish
 * @param drainDelay how long, before that, it still takes new connections while {@code /health} says
 *     that it is leaving
 */
public record Liveness(
    Duration ping, Duration earlyComments, Duration gracePeriod, Duration drainDelay) {}
