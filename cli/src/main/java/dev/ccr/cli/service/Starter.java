package dev.ccr.cli.service;

import dev.ccr.cli.files.StateFolder;
import dev.ccr.proxy.config.ConfigException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts services that run by themselves, one at a time. Immutable. */
final class Starter {

  /** How long a router may take until it answers, in milliseconds: a cold disk, a busy machine. */
  private static final long PATIENCE_MILLIS = 30_000;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Map<String, String> env;
  private final Services services;
  private final StateFolder state;

  Starter(Map<String, String> env, Services services) {
    this.env = env;
    this.services = services;
    this.state = StateFolder.of(env);
  }

  /**
   * Keeps others from starting or replacing services meanwhile.
   *
   * @throws IOException if somebody else takes longer than anything could
   */
  ServiceLock exclusively() throws IOException {
    services.folder().make(state);
    ServiceLock lock = ServiceLock.take(services.folder().startLock(), 2 * PATIENCE_MILLIS);
    if (lock == null) {
      throw new IOException("another ccr is starting a router and does not come to an end");
    }
    return lock;
  }

  /**
   * Starts a service and waits until it answers as a client would ask it. The caller has looked
   * that none runs, and keeps others from starting one.
   *
   * @param warnings told what it warns of, a line each
   * @throws StartFailedException if it does not come up, with what it printed
   */
  ServiceInfo start(Origin origin, StartOptions options, Consumer<String> warnings)
      throws IOException, ConfigException, StartFailedException {
    return start(env, origin, options, services::find, warnings);
  }

  /**
   * Starts a service on a port where none runs, or beside the one that runs there and is to end.
   *
   * @param place the environment, with what says where it is to listen
   * @param old the process that is not the new one; 0 if there is none on that port
   * @throws StartFailedException if it does not come up; the other one is as it was then
   */
  ServiceInfo startOn(
      int port, Map<String, String> place, long old, Origin origin, StartOptions options)
      throws IOException, ConfigException, StartFailedException {
    Map<String, String> all = new HashMap<>(place);
    if (old > 0) {
      all.put(Predecessor.PORT_VARIABLE, String.valueOf(port));
    }
    Sought sought =
        () -> {
          ServiceInfo service = services.at(port);
          return service == null || service.number(ServiceInfo.PID) == old ? null : service;
        };
    return start(all, origin, options, sought, warning -> {}); // they are told already
  }

  /** Looks for what has been started. */
  private interface Sought {
    @Nullable ServiceInfo find() throws IOException;
  }

  private ServiceInfo start(
      Map<String, String> all,
      Origin origin,
      StartOptions options,
      Sought sought,
      Consumer<String> warnings)
      throws IOException, ConfigException, StartFailedException {
    StartOptions logged =
        options.logFile() == null
            ? new StartOptions(options.verbose(), state.log())
            : options;
    Detached router = Detached.start(all, origin, logged, state.logs());
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    boolean lives;
    boolean answers = false;
    try {
      do {
        lives = router.isAlive(); // asked first: what runs then may be the one we started
        ServiceInfo service = sought.find();
        answers = service != null && HealthProbe.isHealthy(service.get(ServiceInfo.URL));
        if (service != null && answers) {
          router.printed().lines().filter(Starter::isWarning).forEach(warnings);
          return service;
        }
        LockSupport.parkNanos(POLL_NANOS);
      } while (lives && System.nanoTime() < deadline);
    } finally {
      if (!answers) {
        router.kill();
      }
    }
    throw new StartFailedException(
        lives ? "did not answer within " + PATIENCE_MILLIS / 1000 + " s" : "ended at once",
        router.printed());
  }

  private static boolean isWarning(String line) {
    return line.startsWith("warning: ");
  }

  /** The service that is meant; {@code null} if none runs. */
  @Nullable ServiceInfo running() throws IOException {
    return services.find();
  }
}
