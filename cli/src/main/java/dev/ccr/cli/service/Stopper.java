package dev.ccr.cli.service;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Ends a service: by asking it, and if it does not hear, by the means of the system. */
final class Stopper {

  /** A router has this long to end, in milliseconds, besides what it lets its clients have. */
  private static final long PATIENCE_MILLIS = 15_000;

  /** One that has not said how it is will hardly hear. */
  private static final long HUNG_MILLIS = 2_000;

  private static final long KILL_MILLIS = 5_000;

  private Stopper() {}

  /**
   * Ends it and waits until its process is gone.
   *
   * @param command {@link Control#STOP}, {@link Control#STOP_NOW} or {@link Control#RESTART}
   * @return what had to be done besides asking, for the user; empty if nothing
   */
  static String stop(Services services, ServiceInfo service, String command) throws IOException {
    Optional<ProcessHandle> process = service.process();
    int port = (int) service.number(ServiceInfo.PORT);
    try (ControlClient client = ControlClient.connect(services.folder().socket(port))) {
      if (client == null) {
        return "";
      }
      client.send(command);
      client.awaitEnd(service.isHung() ? HUNG_MILLIS : patience(service));
      return "";
    } catch (SocketTimeoutException e) {
      if (process.isEmpty() && isHeld(services.folder().lock(port))) {
        throw new IOException(
            "process " + service.get(ServiceInfo.PID) + " does not answer, and it is not certain"
                + " that it is the router (expected: one that began when the router did)."
                + " To end it all the same: kill -9 " + service.get(ServiceInfo.PID),
            e);
      }
      return kill(process.orElse(null), service);
    }
  }

  /**
   * Waits until the process of one is gone that ends already, since another one has taken over.
   *
   * @return what had to be done besides waiting, for the user; empty if nothing
   */
  static String awaitEnd(ServiceInfo service) throws IOException {
    ProcessHandle process = service.process().orElse(null);
    if (process == null) {
      return "";
    }
    try {
      process.onExit().get(patience(service), TimeUnit.MILLISECONDS);
      return "";
    } catch (TimeoutException e) {
      return kill(process, service);
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException("process " + process.pid() + ": the wait for its end has failed", e);
    }
  }

  private static long patience(ServiceInfo service) {
    return PATIENCE_MILLIS + service.drainMillis();
  }

  private static boolean isHeld(Path file) throws IOException {
    try (ServiceLock lock = ServiceLock.take(file, 0)) {
      return lock == null;
    }
  }

  private static String kill(@Nullable ProcessHandle process, ServiceInfo service)
      throws IOException {
    if (process == null) {
      return "";
    }
    process.destroyForcibly();
    try {
      process.onExit().get(KILL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | InterruptedException e) {
      throw new IOException(
          "process " + service.get(ServiceInfo.PID) + " does not end, though it was killed", e);
    }
    return service.isHung()
        ? "it did not answer and was killed"
        : "it did not end within " + patience(service) / 1000 + " s and was killed";
  }
}
