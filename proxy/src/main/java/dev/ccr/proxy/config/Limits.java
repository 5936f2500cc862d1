package dev.ccr.proxy.config;

import java.time.Duration;

/**
 * Bounds of size, time and number. All are positive, {@code total} excepted.
 *
 * @param requestBodyBytes the largest request body taken from a client, in bytes
 * @param connect for the connection to an upstream, and as much again for TLS on it
 * @param firstByte from the end of the upstream request to the first byte of its answer
 * @param streamIdle the longest silence inside an upstream answer
 * @param total from the end of the upstream request to the end of its answer; zero for no bound
 * @param clientRequest the longest silence inside a client's request
 * @param clientKeepAlive how long a client's connection may idle between requests
 * @param idleUpstreamConnectionsPerOrigin how many connections a pool keeps for reuse
 * @param upstreamKeepAlive how long such a connection is kept
 */
public record Limits(
    long requestBodyBytes,
    Duration connect,
    Duration firstByte,
    Duration streamIdle,
    Duration total,
    Duration clientRequest,
    Duration clientKeepAlive,
    int idleUpstreamConnectionsPerOrigin,
    Duration upstreamKeepAlive) {

  Limits withFirstByte(Duration changed) {
    return new Limits(
        requestBodyBytes,
        connect,
        changed,
        streamIdle,
        total,
        clientRequest,
        clientKeepAlive,
        idleUpstreamConnectionsPerOrigin,
        upstreamKeepAlive);
  }

  Limits withStreamIdle(Duration changed) {
    return new Limits(
        requestBodyBytes,
        connect,
        firstByte,
        changed,
        total,
        clientRequest,
        clientKeepAlive,
        idleUpstreamConnectionsPerOrigin,
        upstreamKeepAlive);
  }

  Limits withTotal(Duration changed) {
    return new Limits(
        requestBodyBytes,
        connect,
        firstByte,
        streamIdle,
        changed,
        clientRequest,
        clientKeepAlive,
        idleUpstreamConnectionsPerOrigin,
        upstreamKeepAlive);
  }
}
