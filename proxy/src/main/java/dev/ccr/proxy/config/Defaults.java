package dev.ccr.proxy.config;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** What holds where the configuration is silent; there is no other place for a default. */
public final class Defaults {
  public static final String HOST = "127.0.0.1";
  public static final int PORT = 6970;
  public static final int TLS_PORT = 6971;
  public static final LogLevel LOG_LEVEL = LogLevel.INFO;
  public static final ErrorStyle ERRORS = ErrorStyle.RAW;

  public static final Limits LIMITS =
      new Limits(
          32L << 20, // requestBodyBytes: as the Claude API takes
          Duration.ofSeconds(10), // connect
          Duration.ofMinutes(10), // firstByte
          Duration.ofMinutes(5), // streamIdle
          Duration.ZERO, // total: an agent may think for hours
          Duration.ofSeconds(30), // clientHeader
          Duration.ofSeconds(60), // clientRequest
          4096, // clientBodyRate: half of what a slow mobile network carries
          Duration.ofMinutes(5), // clientWrite
          Duration.ofMinutes(10), // clientKeepAlive
          64, // idleUpstreamConnectionsPerOrigin
          Duration.ofSeconds(55), // upstreamKeepAlive: many servers hang up at 60 s
          1024, // upstreamConnectionsPerOrigin
          0, // bytesInFlight: a quarter of the memory that buffers may take
          10_000, // requestsInFlight
          20_000); // connections

  /** How far an event loop may stay behind before it takes on nothing new. */
  public static final Duration MAX_LAG = Duration.ofMillis(250);

  public static final Liveness LIVENESS =
      new Liveness(
          Duration.ofSeconds(15), // ping: Claude Code gives up after 300 s without a byte
          Duration.ZERO, // earlyComments: an honest status is worth more
          Duration.ofSeconds(30), // gracePeriod
          Duration.ZERO); // drainDelay

  /** Clients try again by themselves, and are to see what an upstream says. */
  public static final RetrySettings RETRY =
      new RetrySettings(1, Duration.ofMillis(500), Duration.ofSeconds(10), Set.of());

  public static final CircuitSettings CIRCUIT =
      new CircuitSettings(5, Duration.ofSeconds(30), false);

  /** Where Gemini speaks OpenAI's format. */
  static final URI GEMINI_URL =
      URI.create("https://generativelanguage.googleapis.com/v1beta/openai/chat/completions");

  /** The URLs of providers that need none, by their names in lower case. */
  static final Map<String, URI> URLS =
      Map.of(
          "openrouter", URI.create("https://openrouter.ai/api/v1/chat/completions"),
          "openai", URI.create("https://api.openai.com/v1/chat/completions"),
          "anthropic", URI.create("https://api.anthropic.com/v1/messages"),
          "nvidia", URI.create("https://integrate.api.nvidia.com/v1/chat/completions"),
          "gemini", GEMINI_URL);

  private Defaults() {}
}
