package dev.ccr.proxy.config;

import java.time.Duration;

/**
 * Bounds of size, time and number. All are positive, {@code total} and {@code bytesInFlight}
 * excepted, which may be zero.
 *
 * @param requestBodyBytes the largest request body taken from a client, in bytes
 * @param connect for the connection to an upstream, and as much again each for looking up its name,
 *     for a proxy's tunnel, and for TLS; also how long a request waits for a free connection
 * @param firstByte from the end of the upstream request to the first byte of its answer
 * @param streamIdle the longest silence inside an upstream answer
 * @param total from the end of the upstream request to the end of its answer; zero for no bound
 * @param clientHeader from the first byte of a request's head to its last
 * @param clientRequest the longest silence inside a client's body; also how long a body may take
 *     before {@code clientBodyRate} counts
 * @param clientBodyRate what a body must bring on average, in bytes a second
 * @param clientWrite how long bytes of an answer may wait without a client taking any
 * @param clientKeepAlive how long a client's connection may idle between requests
 * @param idleUpstreamConnectionsPerOrigin how many connections a pool keeps for reuse
 * @param upstreamKeepAlive how long such a connection is kept
 * @param upstreamConnectionsPerOrigin how many connections all pools together have to one origin
 * @param bytesInFlight the most bytes of requests and answers that are kept at once; 0 for what the
 *     memory allows
 * @param requestsInFlight the most requests under way at once
 * @param connections the most connections of clients
 */
public record Limits(
    long requestBodyBytes,
    Duration connect,
    Duration firstByte,
    Duration streamIdle,
    Duration total,
    Duration clientHeader,
    Duration clientRequest,
    int clientBodyRate,
    Duration clientWrite,
    Duration clientKeepAlive,
    int idleUpstreamConnectionsPerOrigin,
    Duration upstreamKeepAlive,
    int upstreamConnectionsPerOrigin,
    long bytesInFlight,
    int requestsInFlight,
    int connections) {
  /** A copy to be changed. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Limits that differ from others in some; not for sharing between threads. */
  public static final class Builder {

    private long requestBodyBytes;
    private Duration connect;
    private Duration firstByte;
    private Duration streamIdle;
    private Duration total;
    private Duration clientHeader;
    private Duration clientRequest;
    private int clientBodyRate;
    private Duration clientWrite;
    private Duration clientKeepAlive;
    private int idleUpstreamConnectionsPerOrigin;
    private Duration upstreamKeepAlive;
    private int upstreamConnectionsPerOrigin;
    private long bytesInFlight;
    private int requestsInFlight;
    private int connections;

    private Builder(Limits limits) {
      requestBodyBytes = limits.requestBodyBytes;
      connect = limits.connect;
      firstByte = limits.firstByte;
      streamIdle = limits.streamIdle;
      total = limits.total;
      clientHeader = limits.clientHeader;
      clientRequest = limits.clientRequest;
      clientBodyRate = limits.clientBodyRate;
      clientWrite = limits.clientWrite;
      clientKeepAlive = limits.clientKeepAlive;
      idleUpstreamConnectionsPerOrigin = limits.idleUpstreamConnectionsPerOrigin;
      upstreamKeepAlive = limits.upstreamKeepAlive;
      upstreamConnectionsPerOrigin = limits.upstreamConnectionsPerOrigin;
      bytesInFlight = limits.bytesInFlight;
      requestsInFlight = limits.requestsInFlight;
      connections = limits.connections;
    }

    public Builder requestBodyBytes(long requestBodyBytes) {
      this.requestBodyBytes = requestBodyBytes;
      return this;
    }

    public Builder connect(Duration connect) {
      this.connect = connect;
      return this;
    }

    public Builder firstByte(Duration firstByte) {
      this.firstByte = firstByte;
      return this;
    }

    public Builder streamIdle(Duration streamIdle) {
      this.streamIdle = streamIdle;
      return this;
    }

    public Builder total(Duration total) {
      this.total = total;
      return this;
    }

    public Builder clientHeader(Duration clientHeader) {
      this.clientHeader = clientHeader;
      return this;
    }

    public Builder clientBodyRate(int clientBodyRate) {
      this.clientBodyRate = clientBodyRate;
      return this;
    }

    public Builder clientWrite(Duration clientWrite) {
      this.clientWrite = clientWrite;
      return this;
    }

    public Builder clientRequest(Duration clientRequest) {
      this.clientRequest = clientRequest;
      return this;
    }

    public Builder clientKeepAlive(Duration clientKeepAlive) {
      this.clientKeepAlive = clientKeepAlive;
      return this;
    }

    public Builder idleUpstreamConnectionsPerOrigin(int idleUpstreamConnectionsPerOrigin) {
      this.idleUpstreamConnectionsPerOrigin = idleUpstreamConnectionsPerOrigin;
      return this;
    }

    public Builder upstreamKeepAlive(Duration upstreamKeepAlive) {
      this.upstreamKeepAlive = upstreamKeepAlive;
      return this;
    }

    public Builder upstreamConnectionsPerOrigin(int upstreamConnectionsPerOrigin) {
      this.upstreamConnectionsPerOrigin = upstreamConnectionsPerOrigin;
      return this;
    }

    public Builder bytesInFlight(long bytesInFlight) {
      this.bytesInFlight = bytesInFlight;
      return this;
    }

    public Builder requestsInFlight(int requestsInFlight) {
      this.requestsInFlight = requestsInFlight;
      return this;
    }

    public Builder connections(int connections) {
      this.connections = connections;
      return this;
    }

    public Limits build() {
      return new Limits(
          requestBodyBytes,
          connect,
          firstByte,
          streamIdle,
          total,
          clientHeader,
          clientRequest,
          clientBodyRate,
          clientWrite,
          clientKeepAlive,
          idleUpstreamConnectionsPerOrigin,
          upstreamKeepAlive,
          upstreamConnectionsPerOrigin,
          bytesInFlight,
          requestsInFlight,
          connections);
    }
  }
}
