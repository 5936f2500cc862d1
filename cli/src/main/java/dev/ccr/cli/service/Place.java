package dev.ccr.cli.service;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a router is to listen that takes the place of another one: where that one does, as far as
 * the environment said so when it began, or its users know no other port; else where the file says.
 * What the environment of the command itself says counts most.
 *
 * @param env the environment of the new router
 * @param config what it will find
 */
record Place(Map<String, String> env, Config config) {

  /**
   * The place of the one after {@code old}.
   *
   * @param old {@code null} if none runs
   * @throws ConfigException if the configuration cannot be used there
   */
  static Place after(@Nullable ServiceInfo old, Map<String, String> env) throws ConfigException {
    Map<String, String> all = new HashMap<>(env);
    if (old != null) {
      List<String> given = List.of(old.get(ServiceInfo.GIVEN).split(" ", -1));
      if (given.contains("CCR_HOST") && env.getOrDefault("CCR_HOST", "").isEmpty()) {
        all.put("CCR_HOST", old.get(ServiceInfo.HOST));
      }
      // Whoever uses one that a ccr code began has been told its port, and cannot be told another.
      boolean keepsPort = given.contains("CCR_PORT") || old.is(Origin.CODE);
      String override = env.getOrDefault("CCR_PORT", "");
      if (override.isEmpty() ? keepsPort : override.matches("0+")) { // 0: any, so this one too
        all.put("CCR_PORT", old.get(ServiceInfo.PORT));
      }
    }
    return new Place(all, ConfigReader.read(ConfigReader.defaultPath(all), all));
  }

  /** The port; 0 for any. */
  int port() {
    return config.server().port();
  }

  /** Whether that is the address of a router that runs. */
  boolean isAt(ServiceInfo service) {
    return isOnPort(service) && config.server().host().equals(service.get(ServiceInfo.HOST));
  }

  /** Whether that is the port of a router that runs. */
  boolean isOnPort(ServiceInfo service) {
    return port() == service.number(ServiceInfo.PORT);
  }
}
