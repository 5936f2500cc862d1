package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Routes;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot of the configuration, valid as a whole. Immutable; prints without secrets.
 *
 * @param source the file it was read from
 * @param server where clients reach the router
 * @param providers at least one, in the order of the file; their names differ regardless of case
 * @param routes which model serves which kind of request
 * @param limits bounds of size, time and number
 * @param errors in which words a client hears an upstream's error
 * @param forwardProxy through which upstreams are to be reached, or {@code null}
 * @param logLevel the least severe level that is logged
 * @param claudePath the program of Claude Code, or empty: it is then looked for
 * @param warnings one line each: what the file holds that has no effect or is unwise
 */
public record Config(
    Path source,
    Server server,
    List<ProviderConfig> providers,
    Routes routes,
    Limits limits,
    ErrorStyle errors,
    @Nullable ForwardProxy forwardProxy,
    LogLevel logLevel,
    String claudePath,
    List<String> warnings) {

  /** How the one warning ends that says that there is no default route. */
  public static final String NO_DEFAULT =
      "Router.default: missing: only requests for provider,model or for a listed name are"
          + " answered";

  public Config {
    providers = List.copyOf(providers);
    warnings = List.copyOf(warnings);
  }

  /** The same, but reached at an address, whatever {@code HOST} and {@code PORT} say. */
  public Config at(InetSocketAddress address) {
    Server reached =
        new Server(address.getAddress().getHostAddress(), address.getPort(), server.apiKey());
    return new Config(
        source,
        reached,
        providers,
        routes,
        limits,
        errors,
        forwardProxy,
        logLevel,
        claudePath,
        warnings);
  }

  /**
   * Finds a provider regardless of case; allocates nothing.
   *
   * @return {@code null} if no provider has that name
   */
  public @Nullable ProviderConfig provider(String name) {
    for (ProviderConfig each : providers) {
      if (each.provider().name().equalsIgnoreCase(name)) {
        return each;
      }
    }
    return null;
  }
}
