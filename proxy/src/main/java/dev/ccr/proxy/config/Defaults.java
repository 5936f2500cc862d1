package dev.ccr.proxy.config;

import java.time.Duration;

/** What holds where the configuration is silent; there is no other place for a default. */
public final class Defaults {
  public static final String HOST = "127.0.0.1";
  public static final int PORT = 6970;
  public static final LogLevel LOG_LEVEL = LogLevel.INFO;
  public static final ErrorStyle ERRORS = ErrorStyle.RAW;

  public static final Limits LIMITS =
      new Limits(
          32L << 20, // requestBodyBytes: as the Claude API takes
          Duration.ofSeconds(10), // connect
          Duration.ofMinutes(10), // firstByte
          Duration.ofMinutes(5), // streamIdle
          Duration.ofSeconds(60), // clientRequest
          Duration.ofMinutes(10), // clientKeepAlive
          64, // idleUpstreamConnectionsPerOrigin
          Duration.ofSeconds(55)); // upstreamKeepAlive: many servers hang up at 60 s

  private Defaults() {}
}
