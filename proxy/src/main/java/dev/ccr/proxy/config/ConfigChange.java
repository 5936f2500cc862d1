package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
    if (!sameDoor(started.server().tls(), next.server().tls())) {
      keys.add("TLS");
    }
    if (!Objects.equals(started.server().unixSocket(), next.server().unixSocket())) {
      keys.add("UNIX_SOCKET");
    }
    return List.copyOf(keys);
  }

  /** The files may be others: they are read again. */
  private static boolean sameDoor(@Nullable TlsListening started, @Nullable TlsListening next) {
    if (started == null || next == null) {
      return started == null && next == null;
    }
    return started.port() == next.port()
        && started.host().equalsIgnoreCase(next.host())
        && (started.clientAuthority() == null) == (next.clientAuthority() == null);
  }

  /**
   * Refuses a configuration that is safe for its own {@code HOST} only, since the router stays
   * where it listens.
   *
   * @throws ConfigException if it would let everybody in
   */
  public static void check(Config started, Config next) throws ConfigException {
    TlsListening tls = started.server().tls();
    String exposed =
        tls != null && tls.letsStrangersIn()
            ? tls.host()
            : started.server().isLoopback() ? null : started.server().host();
    if (next.server().isOpen() && exposed != null) {
      ConfigProblems problems = new ConfigProblems(String.valueOf(next.source().getFileName()));
      problems.problem(
          ConfigProblems.WHOLE_FILE,
          "APIKEY",
          "missing",
          "one, because the router listens on "
              + ConfigProblems.quoted(exposed)
              + " until it is restarted");
      throw problems.exception();
    }
  }
}
