package dev.ccr.proxy.metrics;

import dev.ccr.proxy.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of one request: times in nanoseconds, {@link #UNKNOWN} where there is none. One
 * object a connection, used again for every request; not thread-safe.
 */
public final class RequestFigures {

  public static final long UNKNOWN = -1;

  /** The outcome of a request that was answered as it should be. */
  public static final String DONE = "done";

  /** The outcome of a request whose client did not wait for the answer. */
  public static final String CLIENT_LEFT = "client_left";

  public Operation operation = Operation.OTHER;

  /** Who answers; empty if nobody was found. */
  public String provider = "";

  /** The model as it is counted: its name if the configuration has it. */
  public String model = "";

  /** The rule that decided; empty if none did. */
  public String rule = "";

  /** The status for the client; 0 if no answer began. */
  public int status;

  /** The upstream's status; 0 if it gave none. */
  public int upstreamStatus;

  /** Who asks, by the configuration's name; empty if anybody may. */
  public String client = "";

  /** Which limit refused it; empty if none did. */
  public String limit = "";

  /** How often an upstream was asked, at least 1 once it was. */
  public int attempts;

  /** One word; one of few. */
  public String outcome = DONE;

  public @Nullable Usage usage;

  /** From the first byte of the request to the last of the answer. */
  public long duration = UNKNOWN;

  /** From the first byte of the request to the first of the answer. */
  public long firstEvent = UNKNOWN;

  /** From the first byte of the request to the last byte of the upstream's. */
  public long requestOverhead = UNKNOWN;

  /** From the upstream's bytes that began the answer to its first byte. */
  public long responseOverhead = UNKNOWN;

  /** Whether the request needed no new connection. */
  public boolean pooled;

  public long bytesIn;
  public long bytesOut;

  /** As for a request of which nothing is known yet. */
  public void clear() {
    operation = Operation.OTHER;
    provider = "";
    model = "";
    rule = "";
    status = 0;
    upstreamStatus = 0;
    client = "";
    limit = "";
    attempts = 0;
    outcome = DONE;
    usage = null;
    duration = UNKNOWN;
    firstEvent = UNKNOWN;
    requestOverhead = UNKNOWN;
    responseOverhead = UNKNOWN;
    pooled = false;
    bytesIn = 0;
    bytesOut = 0;
  }
}
