package dev.ccr.cli.service;

import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.ConfigWatcher;
import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A router that others can find and end: it has the lock of its port, and answers on its socket.
 * For any thread.
 */
final class RunningService implements ControlServer.Service {

  private static final Logger LOG = LoggerFactory.getLogger(RunningService.class);

  /** Somebody who only looks has the lock for a moment at most. */
  private static final long LOCK_MILLIS = 2_000;

  private final ProxyServer server;
  private final ConfigWatcher watcher;
  private final @Nullable RunFolder folder; // null if nobody can find it
  private final Properties facts;
  private final Leases leases;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable ServiceLock lock; // null if another router has it, or nobody
  private @Nullable ControlServer control;
  private boolean sharing; // with one that may take over

  private RunningService(
      ProxyServer server,
      ConfigWatcher watcher,
      @Nullable RunFolder folder,
      @Nullable ServiceLock lock,
      Properties facts,
      Origin origin) {
    this.server = server;
    this.watcher = watcher;
    this.folder = folder;
    this.lock = lock;
    this.facts = facts;
    this.leases = new Leases(origin, () -> end("its last user has left", Control.STOP));
  }

  /**
   * Makes a router known, by its port.
   *
   * @param facts what it says of itself
   * @param predecessor the one that has been known by that port till now and gives it up, or {@code
   *     null}; borrowed
   * @throws PortTakenException if another router is known by that port
   * @throws IOException if none can be
   */
  static RunningService publish(
      ProxyServer server,
      ConfigWatcher watcher,
      Properties facts,
      Origin origin,
      RunFolder folder,
      @Nullable Predecessor predecessor)
      throws IOException {
    int port = server.address().getPort();
    if (predecessor != null) {
      predecessor.askForLock();
    }
    ServiceLock lock = ServiceLock.take(folder.lock(port), LOCK_MILLIS);
    if (lock == null) {
      ServiceInfo holder = ServiceInfo.read(folder.lock(port));
      throw new PortTakenException(
          "port " + port + ": a router has it on another address: "
              + (holder == null ? "it is just starting" : holder.get(ServiceInfo.URL))
              + " (expected: one router a port). End it by: ccr stop");
    }
    RunningService service = null;
    try {
      service = new RunningService(server, watcher, folder, lock, facts, origin);
      lock.write(ServiceInfo.of(facts).text());
      service.control =
          predecessor == null
              ? ControlServer.listen(folder.socket(port), service.leases, service)
              : ControlServer.replace(
                  folder.socket(port), folder.freshSocket(port), service.leases, service);
    } finally {
      if (service == null || service.control == null) {
        lock.close();
      }
    }
    if (predecessor != null) {
      predecessor.taken();
    }
    return service;
  }

  /** A router that nobody can find: it ends by a signal. */
  static RunningService unknown(ProxyServer server, ConfigWatcher watcher) {
    return new RunningService(server, watcher, null, null, new Properties(), Origin.START);
  }

  @Override
  public ServiceInfo status() {
    Properties now = new Properties();
    now.putAll(facts);
    now.setProperty(
        ServiceInfo.ORIGIN, (leases.endsWithLast() ? Origin.CODE : Origin.START).name());
    now.setProperty(
        ServiceInfo.DRAIN_MILLIS, String.valueOf(server.longestDrain().toMillis()));
    now.setProperty(ServiceInfo.LEASES, String.valueOf(leases.count()));
    now.setProperty(
        ServiceInfo.USERS,
        leases.users().stream().map(String::valueOf).collect(Collectors.joining(", ")));
    now.setProperty(ServiceInfo.PROVIDERS, String.valueOf(server.providers()));
    int problems = server.problems().size();
    now.setProperty(ServiceInfo.CONFIG_STATE, problems == 0 ? "ok" : "rejected");
    return ServiceInfo.of(now);
  }

  void expectFirstLease(long patienceMillis) {
    if (leases.endsWithLast()) {
      leases.expectFirst(patienceMillis);
    }
  }

  /** The process ends when this returns. */
  void endBySignal() {
    end("a signal", Control.STOP);
    try {
      unpublish();
    } catch (IOException | InterruptedException e) {
      LOG.debug("a file is left behind, which says nothing: {}", e.getMessage());
    }
  }

  @Override
  public synchronized String share() {
    if (ending.get()) {
      return Control.ENDING;
    }
    if (sharing || lock == null || !server.share()) {
      return Control.ALONE;
    }
    sharing = true;
    return Control.SHARED;
  }

  @Override
  public synchronized boolean letGo() {
    if (ending.get() || lock == null) {
      return false;
    }
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("the lock of the port: {}", e.getMessage()); // closed all the same
    }
    lock = null;
    return true;
  }

  @Override
  public synchronized void resume() {
    sharing = false;
    server.keepAlone();
    if (lock != null || folder == null || control == null) { // it still has all, or has ended
      return;
    }
    int port = server.address().getPort();
    try {
      lock = ServiceLock.take(folder.lock(port), LOCK_MILLIS); // the other one may be just dying
      if (lock == null) {
        LOG.error("port {} is another router's: ccr stop cannot find this one", port);
        return;
      }
      lock.write(ServiceInfo.of(facts).text());
      ControlServer before = control;
      control =
          ControlServer.replace(folder.socket(port), folder.freshSocket(port), leases, this);
      before.leave();
    } catch (IOException e) {
      LOG.error("ccr stop may not find this router: {}", e.getMessage());
    }
  }

  @Override
  public void end(String command) {
    boolean now = command.equals(Control.STOP_NOW);
    if (now) {
      server.hurry();
    }
    end("ccr " + command, now ? Control.STOP : command);
  }

  /** Whoever ends it, or will, waits for nobody any more. */
  void hurry() {
    server.hurry();
  }

  /** @param told what the holders of leases are told */
  private void end(String reason, String told) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    try (server) {
      LOG.info("ending: {}", reason);
      leases.close(told);
      watcher.close();
      server.drain(); // whoever waits for its beginning waits for us too
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /** Waits until the router has ended, and makes it unknown, unless another one is known there. */
  void unpublish() throws IOException, InterruptedException {
    ended.await();
    synchronized (this) {
      if (control != null && lock != null) {
        control.close();
        lock.write("");
        lock.close();
      } else if (control != null) { // another one has taken over
        control.leave();
      }
      control = null;
    }
  }
}
