package dev.ccr.proxy.systemd;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who started this process as a service, if anybody did: gives it a socket to listen on, and wants
 * to know how it is (sd_listen_fds(3), sd_notify(3)). Where nobody did nothing happens. Immutable;
 * for any thread.
 */
public final class ServiceManager {

  /** The first descriptor that a process can be given. */
  private static final int FIRST = 3;

  private final OptionalInt listener;
  private final @Nullable NotifySocket notify;

  private ServiceManager(OptionalInt listener, @Nullable NotifySocket notify) {
    this.listener = listener;
    this.notify = notify;
  }

  /**
   * The one that the environment tells of.
   *
   * @throws IOException if it gives more sockets than one
   */
  public static ServiceManager of(Map<String, String> env) throws IOException {
    String fds = env.getOrDefault("LISTEN_FDS", "");
    // The variables are there for children too, which have other numbers.
    boolean ours =
        !fds.isEmpty()
            && env.getOrDefault("LISTEN_PID", "")
                .equals(String.valueOf(ProcessHandle.current().pid()));
    if (ours && !fds.equals("0") && !fds.equals("1")) {
      throw new IOException("LISTEN_FDS: " + fds + " (expected: 1, the socket of the router)");
    }
    String path = env.getOrDefault("NOTIFY_SOCKET", "");
    return new ServiceManager(
        ours && fds.equals("1") ? OptionalInt.of(FIRST) : OptionalInt.empty(),
        path.isEmpty() ? null : new NotifySocket(path));
  }

  /** The descriptor of the socket to listen on, which is this process's to close. */
  public OptionalInt listener() {
    return listener;
  }

  /** Says that the router answers, or has done what {@link #reloading} said. */
  public void ready() {
    tell("READY=1");
  }

  /** Says that the configuration is being read again. */
  public void reloading() {
    // The clock of HotSpot on Linux, CLOCK_MONOTONIC, is the one that is asked for.
    tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
  }

  /** Says that the router ends. */
  public void stopping() {
    tell("STOPPING=1");
  }

  private void tell(String state) {
    if (notify != null) {
      notify.send(state);
    }
  }
}
