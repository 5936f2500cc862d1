package dev.ccr.proxy.admission;

import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.ClientLimits;
import dev.ccr.proxy.model.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds of the bounds while it is under way. It is used by its event loop only;
 * closing it gives everything back, and once it is closed nothing more can be taken with it.
 */
public final class Permit {

  /** What {@link #close(long)} is told if nobody knows. */
  public static final long UNKNOWN = -1;

  private final Admission admission;
  private final @Nullable Client client;
  private final @Nullable ClientUse use;
  private final long bytesAllowed;
  private final Reservation tokens = new Reservation();
  private boolean concurrent;
  private boolean tokensTaken;
  private boolean bodyKept = true;
  private boolean bodySent;
  private boolean closed;
  private long reserved;
  private long received;
  private long collected;

  Permit(
      Admission admission, @Nullable Client client, @Nullable ClientUse use, long bytesAllowed) {
    this.admission = admission;
    this.client = client;
    this.use = use;
    this.bytesAllowed = bytesAllowed;
  }

  /** Takes what the head alone tells; what is counted only once comes last. */
  void begin(boolean message, long announced) throws RequestException {
    ClientLimits limits = client == null ? ClientLimits.NONE : client.limits();
    if (use != null && limits.concurrent() > 0) {
      concurrent = use.underWay.tryAdd(1, limits.concurrent());
      if (!concurrent) {
        throw Refusals.concurrent(name(), limits.concurrent());
      }
    }
    reserve(announced);
    if (use != null && message && limits.requestsPerMinute() > 0) {
      long wait =
          use.requests.take(limits.requestsPerMinute(), 1, admission.now(), new Reservation());
      if (wait > 0) {
        throw Refusals.requestsPerMinute(name(), limits.requestsPerMinute(), wait);
      }
    }
  }

  /**
   * More of the body is about to be kept. What was announced is reserved already.
   *
   * @throws RequestException if there is no room for it: 529
   */
  public void received(int bytes) throws RequestException {
    received += bytes;
    if (received > reserved) {
      reserve(received - reserved);
    }
  }

  /** Nobody keeps the body any more to send it, or to send it again. */
  public void bodyReleased() {
    bodyKept = false;
    giveBody();
  }

  /** What the upstream gets has left. */
  public void bodySent() {
    bodySent = true;
    giveBody();
  }

  /** So many bytes of the answer are collected before it is sent. */
  public void collected(long bytes) {
    if (!closed) {
      admission.queued(bytes - collected);
      collected = bytes;
    }
  }

  /**
   * Reserves what the request is estimated to have.
   *
   * @throws RequestException if the client has had too many: 429
   */
  public void tokens(long estimate) throws RequestException {
    if (use == null || client == null || closed || !hasTokenLimit()) {
      return;
    }
    int perMinute = client.limits().tokensPerMinute();
    long wait = use.tokens.take(perMinute, estimate, admission.now(), tokens);
    if (wait > 0) {
      throw Refusals.tokensPerMinute(name(), perMinute, estimate, wait);
    }
    tokensTaken = true;
  }

  /** Whether somebody has to estimate its tokens. */
  public boolean hasTokenLimit() {
    return client != null && client.limits().tokensPerMinute() > 0;
  }

  /** Gives everything back. What the request used is taken to be what was estimated. */
  public void close() {
    close(UNKNOWN);
  }

  /**
   * Gives everything back. May be called again, without effect.
   *
   * @param used the tokens of the request and its answer, or {@link #UNKNOWN}
   */
  public void close(long used) {
    if (closed) {
      return;
    }
    collected(0);
    closed = true;
    giveBody();
    if (use != null && concurrent) {
      use.underWay.add(-1);
    }
    if (use != null && client != null && tokensTaken && used != UNKNOWN) {
      use.tokens.settle(client.limits().tokensPerMinute(), tokens, used, admission.now());
    }
    admission.requests().add(-1);
  }

  private void reserve(long more) throws RequestException {
    if (closed || more == 0) {
      return;
    }
    if (!admission.bytes().tryAdd(more, bytesAllowed)) {
      throw Refusals.bytes(admission.bytesInFlight(), more, bytesAllowed);
    }
    reserved += more;
  }

  /** What a connection still sends may be a slice of the body, or a copy of it. */
  private void giveBody() {
    if (closed || (bodySent && !bodyKept)) {
      admission.bytes().add(-reserved);
      reserved = 0;
    }
  }

  private String name() {
    return client == null ? "" : client.name();
  }
}
