package dev.ccr.cli.service;

import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigWatcher;
import dev.ccr.proxy.server.Version;
import java.io.IOException;
import java.time.Instant;
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
final class RunningService {

  private static final Logger LOG = LoggerFactory.getLogger(RunningService.class);

  /** Somebody who only looks has the lock for a moment at most. */
  private static final long LOCK_MILLIS = 2_000;

  private final ProxyServer server;
  private final ConfigWatcher watcher;
  private final @Nullable ServiceLock lock; // null if nobody can find it
  private final Properties facts;
  private final Leases leases;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable ControlServer control;

  private RunningService(
      ProxyServer server,
      ConfigWatcher watcher,
      @Nullable ServiceLock lock,
      Properties facts,
      Origin origin) {
    this.server = server;
    this.watcher = watcher;
    this.lock = lock;
    this.facts = facts;
    this.leases = new Leases(origin, () -> end("its last user has left", Control.STOP));
  }

  /**
   * Makes a router known.
   *
   * @throws PortTakenException if another router is known by that port
   * @throws IOException if none can be
   */
  static RunningService publish(
      ProxyServer server,
      ConfigWatcher watcher,
      Config config,
      StartOptions options,
      Origin origin,
      RunFolder folder)
      throws IOException {
    int port = server.address().getPort();
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
      Properties facts = facts(server, config, options);
      facts.setProperty(ServiceInfo.ORIGIN, origin.name());
      service = new RunningService(server, watcher, lock, facts, origin);
      lock.write(ServiceInfo.of(facts).text());
      service.control =
          ControlServer.listen(
              folder.socket(port), service.leases, service::status, service::endByCommand);
      return service;
    } finally {
      if (service == null || service.control == null) {
        lock.close();
      }
    }
  }

  /** A router that nobody can find: it ends by a signal. */
  static RunningService unknown(ProxyServer server, ConfigWatcher watcher) {
    return new RunningService(server, watcher, null, new Properties(), Origin.START);
  }

  private static Properties facts(ProxyServer server, Config config, StartOptions options) {
    Properties facts = new Properties();
    ProcessHandle self = ProcessHandle.current();
    facts.setProperty(ServiceInfo.PID, String.valueOf(self.pid()));
    facts.setProperty(ServiceInfo.PROCESS_START, String.valueOf(ServiceInfo.startOf(self)));
    facts.setProperty(ServiceInfo.VERSION, Version.TEXT);
    facts.setProperty(ServiceInfo.HOST, config.server().host());
    facts.setProperty(ServiceInfo.PORT, String.valueOf(server.address().getPort()));
    facts.setProperty(ServiceInfo.URL, RouterUrl.of(server.address()).toString());
    facts.setProperty(ServiceInfo.CONFIG, Services.pathOf(config.source()));
    facts.setProperty(ServiceInfo.VERBOSE, String.valueOf(options.verbose()));
    facts.setProperty(
        ServiceInfo.LOG, options.logFile() == null ? "" : options.logFile().toString());
    facts.setProperty(
        ServiceInfo.DRAIN_MILLIS, String.valueOf(server.longestDrain().toMillis()));
    facts.setProperty(ServiceInfo.STARTED_AT, Instant.now().toString());
    return facts;
  }

  /** What it says of itself now. */
  private ServiceInfo status() {
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

  private void endByCommand(String command) {
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

  /** Waits until the router has ended, and makes it unknown. */
  void unpublish() throws IOException, InterruptedException {
    ended.await();
    synchronized (this) {
      if (control != null && lock != null) {
        control.close();
        control = null;
        lock.write("");
        lock.close();
      }
    }
  }
}
