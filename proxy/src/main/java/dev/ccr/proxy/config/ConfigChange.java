package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.List;

/** What a router that runs can make of a configuration that replaces the one it started with. */
public final class ConfigChange {

  private ConfigChange() {}

  /** The keys whose new values have no effect before a restart. */
  public static List<String> needsRestart(Config started, Config next) {
    List<String> keys = new ArrayList<>();
    if (!started.server().host().equalsIgnoreCase(next.server().host())) {
      keys.add("HOST");
    }
    if (started.server().port() != next.server().port()) {
      keys.add("PORT");
    }
    return List.copyOf(keys);
  }

  /**
   * Refuses a configuration that is safe for its own {@code HOST} only, since the router stays
   * where it listens.
   *
   * @throws ConfigException if it would let everybody in
   */
  public static void check(Config started, Config next) throws ConfigException {
    if (next.server().isOpen() && !started.server().isLoopback()) {
      ConfigProblems problems = new ConfigProblems(String.valueOf(next.source().getFileName()));
      problems.problem(
          ConfigProblems.WHOLE_FILE,
          "APIKEY",
          "missing",
          "one, because the router listens on "
              + ConfigProblems.quoted(started.server().host())
              + " until it is restarted");
      throw problems.exception();
    }
  }
}
