package dev.ccr.cli.config;

import dev.ccr.proxy.config.ClientKeyConfig;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.ClientLimits;
import dev.ccr.proxy.model.Glob;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** How {@code ccr config show} tells of clients' keys. */
final class ShownClients {

  private ShownClients() {}

  static void print(List<ClientKeyConfig> clients, PrintWriter out) {
    if (clients.isEmpty()) {
      return;
    }
    out.println("Client Keys:");
    for (ClientKeyConfig each : clients) {
      Client client = each.client();
      out.println("  - " + client.name());
      ShowCommand.line(
          out, "  Key", each.key().isEmpty() ? "sha256 " + each.sha256() : each.key().masked());
      if (!client.models().isEmpty()) {
        ShowCommand.line(
            out,
            "  Models",
            client.models().stream().map(Glob::pattern).collect(Collectors.joining(" ")));
      }
      if (client.expires() != null) {
        ShowCommand.line(out, "  Expires", client.expires().toString());
      }
      ClientLimits limits = client.limits();
      bound("  Requests/min", limits.requestsPerMinute(), out);
      bound("  Tokens/min", limits.tokensPerMinute(), out);
      bound("  Concurrent", limits.concurrent(), out);
    }
  }

  private static void bound(String name, int bound, PrintWriter out) {
    if (bound > 0) {
      ShowCommand.line(out, name, String.valueOf(bound));
    }
  }
}
