package dev.ccr.cli.doctor;

import dev.ccr.cli.terminal.RouterUrl;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether a proxy for the web would take what Claude Code sends to the router. */
final class ProxyCheck {

  private static final String CHECK = "proxy";
  private static final List<String> PROXIES = List.of("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY");

  private ProxyCheck() {}

  static Finding run(Map<String, String> env, RouterUrl router) {
    List<String> proxies =
        PROXIES.stream()
            .flatMap(name -> List.of(name, name.toLowerCase(Locale.ROOT)).stream())
            .filter(name -> !env.getOrDefault(name, "").isEmpty())
            .toList();
    if (proxies.isEmpty()) {
      return Finding.ok(CHECK, "no variable names one");
    }
    String named = String.join(", ", proxies);
    List<String> lacking =
        List.of("NO_PROXY", "no_proxy").stream()
            .filter(name -> !excepts(env.getOrDefault(name, ""), router.host()))
            .toList();
    return lacking.isEmpty()
        ? Finding.ok(CHECK, named + ": not taken for " + router)
        : Finding.warning(
            CHECK,
            named + ": taken for " + router + ", since " + router.host() + " is not in "
                + String.join(", ", lacking),
            "eval \"$(ccr env)\" puts it there for Claude Code.");
  }

  private static boolean excepts(String list, String host) {
    return Arrays.stream(list.split("[,\\s]+", -1))
        .map(each -> each.toLowerCase(Locale.ROOT))
        .map(each -> each.replaceAll("[\\[\\]]", ""))
        .anyMatch(each -> each.equals("*") || each.equals(host.toLowerCase(Locale.ROOT)));
  }
}
