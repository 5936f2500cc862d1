package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Glob;
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
 * @param allowedHosts further names by which clients may call the router
 * @param providers at least one, in the order of the file; their names differ regardless of case
 * @param routes which model serves which kind of request
 * @param limits bounds of size, time and number
 * @param liveness how clients are kept from giving up, and how the router takes leave of them
 * @param retry how often an upstream is asked
 * @param circuit when an upstream counts as down
 * @param errors in which words a client hears an upstream's error
 * @param forwardProxy through which upstreams are reached, or {@code null}
 * @param proxyVariables what the environment says of that
 * @param tls whom all upstreams may be trusted by, beyond what the JVM trusts
 * @param logLevel the least severe level that is logged
 * @param claudePath the program of Claude Code, or empty: it is then looked for
 * @param warnings one line each: what the file holds that has no effect or is unwise
 */
public record Config(
    Path source,
    Server server,
    List<Glob> allowedHosts,
    List<ProviderConfig> providers,
    Routes routes,
    Limits limits,
    Liveness liveness,
    RetrySettings retry,
    CircuitSettings circuit,
    ErrorStyle errors,
    @Nullable ForwardProxy forwardProxy,
    ProxyVariables proxyVariables,
    TlsFiles tls,
    LogLevel logLevel,
    String claudePath,
    List<String> warnings) {

  /** How the one warning ends that says that there is no default route. */
  public static final String NO_DEFAULT =
      "Router.default: missing: only requests for provider,model or for a listed name are"
          + " answered";

  public Config {
    allowedHosts = List.copyOf(allowedHosts);
    providers = List.copyOf(providers);
    warnings = List.copyOf(warnings);
  }

  /** The same, but reached at an address, whatever {@code HOST} and {@code PORT} say. */
  public Config at(InetSocketAddress address) {
    Server reached =
        new Server(
            address.getAddress().getHostAddress(),
            address.getPort(),
            server.apiKey(),
            server.clientKeys(),
            server.tls(),
            server.unixSocket());
    return toBuilder().server(reached).build();
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

  /** How a provider is connected to: as it says itself, else as the file or the environment do. */
  public Way way(ProviderConfig of) {
    Outbound said = of.outbound();
    ForwardProxy proxy = said.proxy();
    if (proxy == null && !said.direct()) {
      proxy = proxyVariables.of(of.provider().url(), forwardProxy);
    }
    return new Way(proxy, said.tls().trusting(tls));
  }

  /** A copy to be changed. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** A configuration that differs from another; not for sharing between threads. */
  public static final class Builder {

    private Path source;
    private Server server;
    private List<Glob> allowedHosts;
    private List<ProviderConfig> providers;
    private Routes routes;
    private Limits limits;
    private Liveness liveness;
    private RetrySettings retry;
    private CircuitSettings circuit;
    private ErrorStyle errors;
    private @Nullable ForwardProxy forwardProxy;
    private ProxyVariables proxyVariables;
    private TlsFiles tls;
    private LogLevel logLevel;
    private String claudePath;
    private List<String> warnings;

    private Builder(Config config) {
      source = config.source;
      server = config.server;
      allowedHosts = config.allowedHosts;
      providers = config.providers;
      routes = config.routes;
      limits = config.limits;
      liveness = config.liveness;
      retry = config.retry;
      circuit = config.circuit;
      errors = config.errors;
      forwardProxy = config.forwardProxy;
      proxyVariables = config.proxyVariables;
      tls = config.tls;
      logLevel = config.logLevel;
      claudePath = config.claudePath;
      warnings = config.warnings;
    }

    public Builder source(Path source) {
      this.source = source;
      return this;
    }

    public Builder server(Server server) {
      this.server = server;
      return this;
    }

    public Builder allowedHosts(List<Glob> allowedHosts) {
      this.allowedHosts = allowedHosts;
      return this;
    }

    public Builder providers(List<ProviderConfig> providers) {
      this.providers = providers;
      return this;
    }

    public Builder routes(Routes routes) {
      this.routes = routes;
      return this;
    }

    public Builder limits(Limits limits) {
      this.limits = limits;
      return this;
    }

    public Builder liveness(Liveness liveness) {
      this.liveness = liveness;
      return this;
    }

    public Builder retry(RetrySettings retry) {
      this.retry = retry;
      return this;
    }

    public Builder circuit(CircuitSettings circuit) {
      this.circuit = circuit;
      return this;
    }

    public Builder errors(ErrorStyle errors) {
      this.errors = errors;
      return this;
    }

    public Builder forwardProxy(@Nullable ForwardProxy forwardProxy) {
      this.forwardProxy = forwardProxy;
      return this;
    }

    public Builder proxyVariables(ProxyVariables proxyVariables) {
      this.proxyVariables = proxyVariables;
      return this;
    }

    public Builder tls(TlsFiles tls) {
      this.tls = tls;
      return this;
    }

    public Builder logLevel(LogLevel logLevel) {
      this.logLevel = logLevel;
      return this;
    }

    public Builder claudePath(String claudePath) {
      this.claudePath = claudePath;
      return this;
    }

    public Builder warnings(List<String> warnings) {
      this.warnings = warnings;
      return this;
    }

    public Config build() {
      return new Config(
          source,
          server,
          allowedHosts,
          providers,
          routes,
          limits,
          liveness,
          retry,
          circuit,
          errors,
          forwardProxy,
          proxyVariables,
          tls,
          logLevel,
          claudePath,
          warnings);
    }
  }
}
