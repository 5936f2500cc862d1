package dev.ccr.cli.service;

import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.server.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** What a router that begins says of itself. */
final class Facts {

  /** The variables that count more than the file in where a router listens. */
  static final List<String> PLACE = List.of("CCR_HOST", "CCR_PORT");

  private Facts() {}

  /**
   * The names and values of {@link ServiceInfo}.
   *
   * @param env the environment that the router was started with
   */
  static Properties of(
      ProxyServer server,
      Config config,
      StartOptions options,
      Origin origin,
      Map<String, String> env) {
    Properties facts = new Properties();
    ProcessHandle self = ProcessHandle.current();
    facts.setProperty(ServiceInfo.PID, String.valueOf(self.pid()));
    facts.setProperty(ServiceInfo.PROCESS_START, String.valueOf(ServiceInfo.startOf(self)));
    facts.setProperty(ServiceInfo.VERSION, Version.TEXT);
    facts.setProperty(ServiceInfo.HOST, config.server().host());
    facts.setProperty(ServiceInfo.PORT, String.valueOf(server.address().getPort()));
    facts.setProperty(ServiceInfo.URL, RouterUrl.of(server.address()).toString());
    facts.setProperty(ServiceInfo.CONFIG, Services.pathOf(config.source()));
    facts.setProperty(ServiceInfo.ORIGIN, origin.name());
    facts.setProperty(ServiceInfo.VERBOSE, String.valueOf(options.verbose()));
    facts.setProperty(
        ServiceInfo.LOG, options.logFile() == null ? "" : options.logFile().toString());
    facts.setProperty(
        ServiceInfo.DRAIN_MILLIS, String.valueOf(server.longestDrain().toMillis()));
    facts.setProperty(ServiceInfo.STARTED_AT, Instant.now().toString());
    facts.setProperty(
        ServiceInfo.GIVEN,
        PLACE.stream()
            .filter(name -> !env.getOrDefault(name, "").isEmpty())
            .collect(Collectors.joining(" ")));
    facts.setProperty(ServiceInfo.SHARES, String.valueOf(server.canShare()));
    boolean managed =
        !env.getOrDefault("NOTIFY_SOCKET", "").isEmpty()
            || env.getOrDefault("LISTEN_PID", "").equals(String.valueOf(self.pid()));
    facts.setProperty(ServiceInfo.MANAGED, String.valueOf(managed));
    return facts;
  }
}
