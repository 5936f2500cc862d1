package dev.ccr.cli.service;

import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.config.ConfigException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a router there for one who uses it. If none runs it starts one; if the one that runs dies,
 * another; not so if somebody stopped it on purpose.
 *
 * <p>A thread of its own watches the lease. The methods are for the thread that made it.
 */
public final class LeaseHolder implements AutoCloseable {

  private static final long ANSWER_MILLIS = 10_000;
  private static final long ENDING_MILLIS = 20_000;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long FOREVER_MILLIS = TimeUnit.DAYS.toMillis(3_650);

  /** A router that dies so often within a minute is not started again. */
  private static final int MAX_REVIVALS = 3;

  private static final long REVIVAL_WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Map<String, String> env;
  private final ServiceInfo service;
  private ControlClient lease;
  private long child;
  private boolean closed;

  private LeaseHolder(
      Map<String, String> env, ServiceInfo service, ControlClient lease) {
    this.env = env;
    this.service = service;
    this.lease = lease;
  }

  /**
   * Takes a lease, and starts a router for it if none runs.
   *
   * @param warnings told what a router that is started for it warns of, a line each
   * @throws StartFailedException if a router does not come up
   * @throws IOException if the one that runs cannot be used
   */
  public static LeaseHolder take(Map<String, String> env, Consumer<String> warnings)
      throws IOException, ConfigException, StartFailedException {
    Services services = Services.of(env);
    Held held = acquire(env, services, services.find(), warnings);
    LeaseHolder holder = new LeaseHolder(env, held.service(), held.lease());
    Thread.ofPlatform().daemon().name("lease").start(holder::watch);
    return holder;
  }

  /** Where the router is reached. */
  public RouterUrl url() {
    return RouterUrl.parse(service.get(ServiceInfo.URL));
  }

  /** The configuration that the router runs with. */
  public String config() {
    return service.get(ServiceInfo.CONFIG);
  }

  /** Whether it is that one. */
  public boolean runsWith(Path config) {
    return config().equals(Services.pathOf(config));
  }

  /** The router's version. */
  public String version() {
    return service.get(ServiceInfo.VERSION);
  }

  /** The process that uses the router: the lease lasts until that has ended too. */
  public synchronized void child(long pid) {
    child = pid;
    try {
      lease.send(Control.CHILD + pid);
    } catch (IOException e) {
      // The router has died just now: whoever watches the lease names the process to the next one.
    }
  }

  /** A lease, and the service it is one on. */
  private record Held(ServiceInfo service, ControlClient lease) {}

  private static Held acquire(
      Map<String, String> env,
      Services services,
      @Nullable ServiceInfo running,
      Consumer<String> warnings)
      throws IOException, ConfigException, StartFailedException {
    ControlClient lease = running == null ? null : ask(services, running);
    if (running != null && lease != null) {
      return new Held(running, lease);
    }
    Starter starter = new Starter(env, services);
    try (ServiceLock _ = starter.exclusively()) {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ENDING_MILLIS);
      while (true) {
        ServiceInfo service = services.find();
        if (service == null) {
          service = starter.start(Origin.CODE, StartOptions.DEFAULTS, warnings);
        }
        lease = ask(services, service);
        if (lease != null) {
          return new Held(service, lease);
        }
        if (System.nanoTime() - deadline
            > TimeUnit.MILLISECONDS.toNanos(service.drainMillis())) {
          throw new IOException(
              "the router (process " + service.get(ServiceInfo.PID)
                  + ") is ending and does not end");
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /** Asks for a lease; {@code null} if the service is ending, or gone. */
  private static @Nullable ControlClient ask(Services services, ServiceInfo service)
      throws IOException {
    ControlClient client =
        ControlClient.connect(
            services.folder().socket((int) service.number(ServiceInfo.PORT)));
    if (client == null) {
      return null;
    }
    boolean leased = false;
    try {
      client.send(Control.LEASE);
      leased = Control.LEASED.equals(client.readLine(ANSWER_MILLIS));
      return leased ? client : null;
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "the router (process " + service.get(ServiceInfo.PID)
              + ") does not answer (expected: an answer). End it by: ccr stop",
          e);
    } catch (IOException e) { // it ended while we asked
      return null;
    } finally {
      if (!leased) {
        client.close();
      }
    }
  }

  private void watch() {
    int revivals = 0;
    long windowStart = System.nanoTime();
    while (true) {
      String last = lastWord();
      if (last.equals(Control.STOP) || isClosed()) {
        return;
      }
      if (System.nanoTime() - windowStart > REVIVAL_WINDOW_NANOS) {
        windowStart = System.nanoTime();
        revivals = 0;
      }
      boolean died = !last.equals(Control.RESTART);
      if (died && ++revivals > MAX_REVIVALS) {
        return; // the client says that it cannot connect; nobody is here to read more
      }
      if (!reviveAtLast()) {
        return;
      }
    }
  }

  /** Whoever starts or restarts it at the same time may have had bad luck. */
  private boolean reviveAtLast() {
    for (int i = 0; i < MAX_REVIVALS; i++) {
      if (revive()) {
        return true;
      }
    }
    return false;
  }

  /** Waits for the end of the lease; what the service said before, or nothing. */
  private String lastWord() {
    ControlClient watched;
    synchronized (this) {
      watched = lease;
    }
    try {
      String line = watched.readLine(FOREVER_MILLIS);
      return line == null ? "" : line;
    } catch (IOException e) {
      return "";
    }
  }

  private boolean revive() {
    try {
      Map<String, String> same = new HashMap<>(env);
      same.put("CCR_PORT", service.get(ServiceInfo.PORT)); // Claude Code knows no other
      Services services = Services.of(same);
      Held held = acquire(same, services, services.find(), warning -> {}); // the screen is Claude's
      synchronized (this) {
        if (closed) {
          held.lease().close();
          return false;
        }
        lease.close();
        lease = held.lease();
        if (child != 0) {
          held.lease().send(Control.CHILD + child);
        }
      }
      return true;
    } catch (IOException | ConfigException | StartFailedException e) {
      return false;
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Gives the lease back. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    lease.close();
  }
}
