package dev.ccr.cli.code;

import dev.ccr.cli.terminal.RouterUrl;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The hosts that are reached without a proxy: those of the user, and the router. Some programs read
 * {@code NO_PROXY} and some {@code no_proxy}, so both say the same.
 */
final class NoProxy {

  static final String UPPER = "NO_PROXY";
  static final String LOWER = "no_proxy";

  /** No host at all by a proxy; it is that only if it stands alone. */
  private static final String ALL = "*";

  /** In brackets too, since some clients compare a URL's host as it is written. */
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1", "[::1]");

  private NoProxy() {}

  /** The list of both variables, without repetitions, and what it takes to reach the router. */
  static String merged(Map<String, String> env, RouterUrl router) {
    Set<String> hosts = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>();
    for (String name : List.of(UPPER, LOWER)) {
      for (String host : env.getOrDefault(name, "").split("[,\\s]+", -1)) {
        add(host, hosts, seen);
      }
    }
    if (hosts.equals(Set.of(ALL))) {
      return ALL;
    }
    LOOPBACK.forEach(host -> add(host, hosts, seen));
    add(router.host(), hosts, seen);
    return String.join(",", hosts);
  }

  /**
   * An environment with what the user's settings say of it too: else what they say would be lost,
   * since the merged list goes before theirs.
   */
  static Map<String, String> withThoseOf(
      List<ClaudeSettings> settings, Map<String, String> env) {
    Map<String, String> all = new HashMap<>(env);
    for (ClaudeSettings each : settings) {
      for (String name : List.of(UPPER, LOWER)) {
        String more = each.env().getOrDefault(name, "");
        if (!more.isEmpty()) {
          all.merge(name, more, (before, added) -> before + "," + added);
        }
      }
    }
    return all;
  }

  private static void add(String host, Set<String> hosts, Set<String> seen) {
    if (!host.isEmpty() && seen.add(host.toLowerCase(Locale.ROOT))) {
      hosts.add(host);
    }
  }
}
