package dev.ccr.cli.statusline;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.RequestTraits;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.route.RequestHeaders;
import dev.ccr.proxy.route.Router;
import dev.ccr.proxy.route.Tokens;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

/** Where the router sends the session's next plain request. */
final class RoutedModel {

  private RoutedModel() {}

  /**
   * The model as {@code provider,model}; empty if that cannot be told, or if Claude Code does not
   * talk to the router.
   */
  static String of(Session session, Map<String, String> env) {
    String base = env.getOrDefault("ANTHROPIC_BASE_URL", "");
    String model = session.first("model.id");
    if (base.isEmpty() || model.isEmpty()) {
      return "";
    }
    try {
      Config config = ConfigReader.read(ConfigReader.defaultPath(env), env);
      return new URI(base).getPort() == config.server().port()
          ? routed(config, model, session)
          : "";
    } catch (ConfigException | RequestException | URISyntaxException e) {
      return ""; // others tell of it
    }
  }

  private static String routed(Config config, String model, Session session)
      throws RequestException {
    String effort = session.first("effort.level", "effort");
    RequestTraits traits =
        new RequestTraits(
            false, false, effort.isEmpty() ? "" : "adaptive", false, effort, null, List.of());
    Route route =
        new Router(
                config.providers().stream().map(ProviderConfig::provider).toList(),
                config.routes())
            .route(
                new RequestFacts(model, -1, -1, true, traits),
                RequestHeaders.NONE,
                Tokens.of(session.tokens().orElse(0)));
    return route == null ? "" : route.provider().name() + "," + route.model();
  }
}
