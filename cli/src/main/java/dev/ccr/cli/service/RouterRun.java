package dev.ccr.cli.service;

import dev.ccr.cli.files.StateFolder;
import dev.ccr.cli.log.Logging;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.cli.terminal.Signals;
import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ConfigWatcher;
import dev.ccr.proxy.config.LogLevel;
import dev.ccr.proxy.systemd.ServiceManager;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Runs a router in this process until it is told to end. */
public final class RouterRun {

  private static final int OK = 0;
  private static final int FAILURE = 1;

  /** How long a router that a {@code ccr code} began waits for its first lease, in milliseconds. */
  private static final long FIRST_LEASE_MILLIS = 10_000;

  private final Map<String, String> env;
  private final StartOptions options;
  private final Origin origin;
  private final boolean detached;
  private final PrintWriter out;
  private final PrintWriter err;

  private RouterRun(
      Map<String, String> env, StartOptions options, PrintWriter out, PrintWriter err) {
    this.env = env;
    this.options = options;
    this.out = out;
    this.err = err;
    String startedBy = env.getOrDefault(Detached.ORIGIN_VARIABLE, "");
    this.detached = !startedBy.isEmpty();
    this.origin = startedBy.equals(Origin.CODE.name()) ? Origin.CODE : Origin.START;
  }

  /** Runs a router; returns the exit code. */
  public static int run(
      Map<String, String> env, StartOptions options, PrintWriter out, PrintWriter err)
      throws InterruptedException {
    return new RouterRun(env, options, out, err).run();
  }

  private int run() throws InterruptedException {
    try {
      Path file = ConfigReader.defaultPath(env);
      try (ConfigWatcher watcher = new ConfigWatcher(file, env)) {
        Config config = watcher.read();
        Problems.warn(config, err);
        Logging.level(options.verbose() ? LogLevel.DEBUG : config.logLevel());
        if (options.logFile() != null) {
          Logging.toFile(options.logFile());
        }
        return run(config, watcher);
      } catch (IOException e) { // of the log
        return Problems.print(e, err);
      } catch (ConfigException e) {
        return Problems.print(e, file, "the router can start", err);
      }
    } catch (ConfigException e) { // the path itself
      return Problems.print(e, err);
    }
  }

  private int run(Config config, ConfigWatcher watcher) throws InterruptedException {
    ServiceManager manager;
    ProxyServer server;
    try {
      manager = ServiceManager.of(env);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
    StateFolder state = StateFolder.of(env);
    RunFolder folder = RunFolder.of(state);
    OptionalInt descriptor = manager.listener();
    RunningService service;
    try (Predecessor predecessor = Predecessor.of(env, folder)) {
      checkPort(config, predecessor);
      try {
        server =
            descriptor.isPresent()
                ? ProxyServer.start(config, descriptor.getAsInt())
                : predecessor == null
                    ? ProxyServer.start(config)
                    : ProxyServer.startBeside(config);
      } catch (IOException e) {
        return descriptor.isPresent() ? Problems.print(e, err) : cannotListen(config, e);
      }
      try {
        service =
            RunningService.publish(
                server,
                watcher,
                Facts.of(server, config, options, origin, env),
                origin,
                folder.make(state),
                predecessor);
      } catch (PortTakenException e) {
        server.close();
        err.println(e.getMessage());
        return FAILURE;
      } catch (IOException e) { // a file system that cannot be written, as of a container
        if (detached) {
          server.close();
          return Problems.print(e, err);
        }
        err.println(
            "warning: " + Problems.message(e) + ": ccr stop and status cannot find this router");
        service = RunningService.unknown(server, watcher);
      }
    } catch (IOException e) { // of the one to take over from
      return Problems.print(e, err);
    }
    RunningService running = service;
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(running, manager), "shutdown"));
    watcher.start(new Applied(server, options.verbose()));
    Hangup.onSignal(detached, () -> reload(watcher, manager));
    if (detached) {
      // Where no setsid is, as on macOS, it shares the terminal's group, and Ctrl-C reaches it.
      Signals.handle("INT", () -> {});
    }
    out.println("ccr answers on " + RouterUrl.of(server.address()));
    manager.ready();
    if (detached && options.logFile() != null) {
      Logging.quietConsole(); // nobody reads it
    }
    service.expectFirstLease(FIRST_LEASE_MILLIS);
    server.awaitClose();
    try {
      service.unpublish();
    } catch (IOException e) {
      err.println(e.getMessage()); // it has ended all the same
    }
    Logging.stop();
    return OK;
  }

  /** The file may have changed since {@code ccr restart} looked whose port it has. */
  private static void checkPort(Config config, @Nullable Predecessor predecessor)
      throws IOException {
    if (predecessor != null && predecessor.port() != config.server().port()) {
      throw new IOException(
          "port " + config.server().port() + ": has just changed (expected: "
              + predecessor.port() + "). Try again");
    }
  }

  private static void reload(ConfigWatcher watcher, ServiceManager manager) {
    manager.reloading();
    watcher.reload();
    manager.ready(); // with the new configuration or, if that cannot be used, with the old one
  }

  /** At a signal, and at any other end. */
  private static void end(RunningService service, ServiceManager manager) {
    manager.stopping();
    for (String again : List.of("TERM", "INT")) {
      Signals.handle(again, service::hurry); // whoever says it twice
    }
    service.endBySignal();
    Logging.stop();
  }

  private int cannotListen(Config config, IOException e) {
    err.println("cannot listen on " + e.getMessage());
    if (!String.valueOf(e.getMessage()).contains("in use")) {
      err.println("HOST or CCR_HOST has to be a name or an address of this machine.");
      return FAILURE;
    }
    ServiceInfo holder = holder(config.server().port());
    err.println(
        holder == null
            ? "Another program has the port, or another user's router. CCR_PORT or PORT chooses"
                + " another port."
            : "A router has it: process " + holder.get(ServiceInfo.PID)
                + (holder.is(Origin.CODE) ? ", started by ccr code" : "")
                + ", configuration " + holder.get(ServiceInfo.CONFIG)
                + ". End it by: ccr stop");
    return FAILURE;
  }

  private @Nullable ServiceInfo holder(int port) {
    try {
      return Services.of(env).at(port);
    } catch (IOException e) {
      return null;
    }
  }

  /** Applies a new configuration to the router and to the log. */
  private record Applied(ProxyServer server, boolean verbose) implements ConfigWatcher.Listener {

    @Override
    public void loaded(Config config) throws ConfigException {
      server.loaded(config);
      Logging.level(verbose ? LogLevel.DEBUG : config.logLevel());
    }

    @Override
    public void rejected(ConfigException problems) {
      server.rejected(problems);
    }
  }
}
