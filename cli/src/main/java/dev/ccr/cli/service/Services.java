package dev.ccr.cli.service;

import dev.ccr.cli.files.StateFolder;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the services of a user that run. For one thread. */
final class Services {

  /** How long a service may take to say what it is, in milliseconds. */
  static final long ANSWER_MILLIS = 5_000;

  private final Map<String, String> env;
  private final RunFolder folder;
  private int configuredPort = -1; // not known yet

  private Services(Map<String, String> env, RunFolder folder) {
    this.env = env;
    this.folder = folder;
  }

  /** Those of the user of an environment. */
  static Services of(Map<String, String> env) {
    return new Services(env, RunFolder.of(StateFolder.of(env)));
  }

  RunFolder folder() {
    return folder;
  }

  /**
   * The service that a command means: that of {@code CCR_PORT}, if it says one; else the one that
   * runs with the configuration of this environment, be it on a port that the file no longer says;
   * else the one on the configuration's port.
   *
   * @return {@code null} if none runs
   * @throws IOException if several could be meant
   */
  @Nullable ServiceInfo find() throws IOException {
    String override = env.getOrDefault("CCR_PORT", "");
    if (override.matches("0*[1-9]\\d{0,4}")) {
      return at(Integer.parseInt(override));
    }
    String config = configPath();
    List<ServiceInfo> same = new ArrayList<>();
    List<ServiceInfo> others = new ArrayList<>();
    for (int port : folder.ports()) {
      ServiceInfo service = at(port);
      if (service != null) {
        (service.get(ServiceInfo.CONFIG).equals(config) ? same : others).add(service);
      }
    }
    if (same.size() == 1) {
      return same.getFirst();
    }
    // Only now does it matter what the file says: to read it takes longer than all the rest.
    ServiceInfo onPort = onConfiguredPort(same.isEmpty() ? others : same);
    if (onPort == null && !same.isEmpty()) {
      throw new IOException(
          "routers run with this configuration on ports "
              + same.stream()
                  .map(service -> service.get(ServiceInfo.PORT))
                  .collect(Collectors.joining(", "))
              + " (expected: one, or CCR_PORT to say which)");
    }
    return onPort;
  }

  private @Nullable ServiceInfo onConfiguredPort(List<ServiceInfo> services) {
    for (ServiceInfo service : services) {
      if (service.number(ServiceInfo.PORT) == configuredPort()) {
        return service;
      }
    }
    return null;
  }

  /**
   * The service on a port; {@code null} if none runs there. Of one that does not answer it is what
   * it said when it began, or at least which process has the lock.
   */
  @Nullable ServiceInfo at(int port) throws IOException {
    try {
      return ControlClient.status(folder.socket(port), ANSWER_MILLIS);
    } catch (SocketTimeoutException e) { // stopped, or starved
      ServiceInfo written = ServiceInfo.read(folder.lock(port));
      if (written == null) { // somebody has emptied it
        written = LockHolder.of(folder.lock(port)).map(held -> hung(held, port)).orElse(null);
      }
      if (written == null) {
        throw e;
      }
      return written;
    }
  }

  private static ServiceInfo hung(ProcessHandle process, int port) {
    Properties facts = new Properties();
    facts.setProperty(ServiceInfo.PID, String.valueOf(process.pid()));
    facts.setProperty(ServiceInfo.PROCESS_START, String.valueOf(ServiceInfo.startOf(process)));
    facts.setProperty(ServiceInfo.PORT, String.valueOf(port));
    facts.setProperty(ServiceInfo.URL, "http://127.0.0.1:" + port); // as far as anybody can tell
    return ServiceInfo.of(facts);
  }

  /** The path of a configuration as services write it. */
  static String pathOf(Path config) {
    return config.toAbsolutePath().normalize().toString();
  }

  private String configPath() {
    try {
      return pathOf(ConfigReader.defaultPath(env));
    } catch (ConfigException e) { // no path at all: no service can have it
      return "";
    }
  }

  /** 0 if the configuration cannot be read: whoever stops a router may have come for that. */
  private int configuredPort() {
    if (configuredPort < 0) {
      try {
        configuredPort = ConfigReader.read(ConfigReader.defaultPath(env), env).server().port();
      } catch (ConfigException e) {
        configuredPort = 0;
      }
    }
    return configuredPort;
  }
}
