package dev.ccr.cli.service;

import dev.ccr.proxy.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Puts a router in the place of one that runs, as that was: verbose or not, with its log, and with
 * those who use it. Wherever that can be, the new one answers before the old one ends. For one
 * thread.
 */
final class Replacement {

  private final Services services;
  private final Starter starter;
  private final ServiceInfo old;
  private final Place place;
  private final Consumer<String> told;

  /** @param told what the user is to know meanwhile, a line each */
  Replacement(
      Services services, Starter starter, ServiceInfo old, Place place, Consumer<String> told) {
    this.services = services;
    this.starter = starter;
    this.old = old;
    this.place = place;
    this.told = told;
  }

  /**
   * Starts the new one; the old one has ended then, or is about to. The caller keeps others from
   * starting one.
   *
   * @throws StartFailedException if the new one does not come up
   */
  ServiceInfo start() throws IOException, ConfigException, StartFailedException {
    if (!place.isOnPort(old)) {
      return elsewhere();
    }
    String hindrance = hindrance();
    if (hindrance.isEmpty()) {
      return startOn(old.number(ServiceInfo.PID));
    }
    told.accept("Connections are refused for a moment: " + hindrance + ".");
    Stopper.stop(services, old, Control.RESTART);
    return startOn(0);
  }

  /** Why no other router can come beside it; empty if one can. */
  private String hindrance() {
    if (old.isHung()) {
      return "the router that runs does not answer";
    }
    if (old.get(ServiceInfo.SHARES).isEmpty()) {
      return "the router that runs is of an older version";
    }
    if (!old.get(ServiceInfo.SHARES).equals("true")) {
      return "the router that runs cannot share what it listens on (expected: Linux, and neither"
          + " TLS nor UNIX_SOCKET)";
    }
    return place.isAt(old) ? "" : "HOST has changed, and PORT has not";
  }

  private ServiceInfo elsewhere() throws IOException, ConfigException, StartFailedException {
    int port = place.port();
    ServiceInfo other = services.at(port);
    if (other != null) {
      throw new IOException(
          "port " + port + ": a router has it: process " + other.get(ServiceInfo.PID)
              + ", configuration " + other.get(ServiceInfo.CONFIG) + " (expected: a free port)");
    }
    ServiceInfo service = startOn(0);
    Stopper.stop(services, old, Control.RESTART);
    return service;
  }

  private ServiceInfo startOn(long pid) throws IOException, ConfigException, StartFailedException {
    Origin origin = old.is(Origin.CODE) ? Origin.CODE : Origin.START;
    String log = old.get(ServiceInfo.LOG);
    StartOptions options =
        new StartOptions(
            old.get(ServiceInfo.VERBOSE).equals("true"), log.isEmpty() ? null : Path.of(log));
    return starter.startOn(place.port(), place.env(), pid, origin, options);
  }
}
