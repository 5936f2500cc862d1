package dev.ccr.proxy.admission;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.RequestException;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the head of a request whether the router takes it on. One a process: all event loops
 * count here, and none waits for another. Bounds come with every request, so that a reload changes
 * them and nothing that was counted.
 */
public final class Admission {

  private final LongSupplier nanoTime;
  private final long defaultBytes;
  private final Tally bytes = new Tally();
  private final Tally requests = new Tally();
  private final Tally connections = new Tally();
  private final ConcurrentMap<String, ClientUse> clients = new ConcurrentHashMap<>();

  /**
   * @param nanoTime a clock of nanoseconds, asked on any thread
   * @param defaultBytes how many bytes may be in flight where the configuration does not say
   */
  public Admission(LongSupplier nanoTime, long defaultBytes) {
    this.nanoTime = nanoTime;
    this.defaultBytes = defaultBytes;
  }

  /**
   * Admits a request. Whoever gets a permit closes it, however the request ends.
   *
   * @param client who asks, or {@code null} if anybody may
   * @param message whether it counts as one of a client's requests a minute
   * @param announced the length of its body in bytes, 0 if it is not known
   * @param lag the standing delay of its event loop, in nanoseconds
   * @throws RequestException 429 if the client asks for too much, 529 if all together do
   */
  public Permit admit(
      @Nullable Client client, Limits limits, boolean message, long announced, long lag)
      throws RequestException {
    if (lag >= Defaults.MAX_LAG.toNanos()) {
      throw Refusals.late(lag);
    }
    if (!requests.tryAdd(1, limits.requestsInFlight())) {
      throw Refusals.requests(requests.held(), limits.requestsInFlight());
    }
    ClientUse use = client == null ? null : use(client);
    Permit permit = new Permit(this, client, use, bytesAllowed(limits));
    try {
      permit.begin(message, announced);
      return permit;
    } catch (RequestException e) {
      permit.close();
      throw e;
    }
  }

  /** Forgets what was counted of clients that have other names than these. */
  public void keep(Collection<String> names) {
    clients.keySet().retainAll(names);
  }

  /**
   * A connection was made. Whoever is told that it may stay says when it is closed.
   *
   * @return how many there are, this one included; 0 if it is one too many
   */
  public long connected(long bound) {
    return connections.tryAdd(1, bound) ? Math.max(1, connections.held()) : 0;
  }

  /** A connection that was counted is closed. */
  public void disconnected() {
    connections.add(-1);
  }

  /** Bytes of answers that wait for clients to read have become more, or less. */
  public void queued(long more) {
    bytes.add(more);
  }

  /** Bytes that are kept: of requests, and of answers that clients have not read. */
  public long bytesInFlight() {
    return bytes.held();
  }

  /** Requests that have a permit. */
  public long requestsInFlight() {
    return requests.held();
  }

  /** The bound to the bytes in flight. */
  public long bytesAllowed(Limits limits) {
    return limits.bytesInFlight() == 0 ? defaultBytes : limits.bytesInFlight();
  }

  Tally bytes() {
    return bytes;
  }

  Tally requests() {
    return requests;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  private ClientUse use(Client client) {
    ClientUse known = clients.get(client.name());
    return known == null
        ? clients.computeIfAbsent(client.name(), name -> new ClientUse(now()))
        : known;
  }
}
