package dev.ccr.cli.config;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.Style;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.ForwardProxy;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.config.Liveness;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.model.Provider;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ccr config show}: what the router would work with, keys masked. */
final class ShowCommand implements Callable<Integer> {

  private final Map<String, String> env;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private ShowCommand(Map<String, String> env) {
    this.env = env;
  }

  static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new ShowCommand(env).spec;
    spec.name("show");
    Help.addTo(spec);
    spec.usageMessage()
        .description("Shows the configuration, with the variables applied and the keys masked.");
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Path file = ConfigReader.defaultPath(env);
      try {
        print(ConfigReader.read(file, env), out);
        return ExitCode.OK;
      } catch (ConfigException e) {
        if (Files.exists(file)) {
          throw e;
        }
        out.println(
            Style.of(env).yellow("No configuration: " + file + ". Run: ccr config init"));
        return ExitCode.OK;
      }
    } catch (ConfigException e) {
      return Problems.print(e, spec.commandLine().getErr());
    }
  }

  private static void print(Config config, PrintWriter out) {
    line(out, "Host", config.server().host());
    line(out, "Port", String.valueOf(config.server().port()));
    line(out, "API Key", config.server().apiKey().masked());
    line(out, "Config Path", config.source().toAbsolutePath().toString());
    if (config.logLevel() != Defaults.LOG_LEVEL) {
      line(out, "Log Level", lower(config.logLevel()));
    }
    if (config.errors() != Defaults.ERRORS) {
      line(out, "Errors", lower(config.errors()));
    }
    Limits limits = config.limits();
    if (!limits.firstByte().equals(Defaults.LIMITS.firstByte())) {
      line(out, "API Timeout", limits.firstByte().toMillis() + " ms");
    }
    if (!limits.streamIdle().equals(Defaults.LIMITS.streamIdle())) {
      line(out, "Stream Timeout", limits.streamIdle().toMillis() + " ms");
    }
    if (!limits.total().equals(Defaults.LIMITS.total())) {
      line(out, "Total Timeout", limits.total().toMillis() + " ms");
    }
    if (!limits.connect().equals(Defaults.LIMITS.connect())) {
      line(out, "Connect Timeout", limits.connect().toMillis() + " ms");
    }
    print(config.liveness(), out);
    ForwardProxy proxy = config.forwardProxy();
    if (proxy != null) {
      line(out, "Proxy URL", proxy.url().toString());
    }
    ShownClients.print(config.server().clientKeys(), out);
    out.println("Providers:");
    for (ProviderConfig each : config.providers()) {
      print(each, out);
      printProxy(config, each, out);
    }
    ShownRoutes.print(config.routes(), out);
    out.flush();
  }

  private static void print(Liveness liveness, PrintWriter out) {
    Liveness silent = Defaults.LIVENESS;
    if (!liveness.ping().equals(silent.ping())) {
      line(out, "Ping Interval", liveness.ping().toMillis() + " ms");
    }
    if (!liveness.earlyComments().equals(silent.earlyComments())) {
      line(out, "Early Comments", liveness.earlyComments().toMillis() + " ms");
    }
    if (!liveness.gracePeriod().equals(silent.gracePeriod())) {
      line(out, "Grace Period", liveness.gracePeriod().toMillis() + " ms");
    }
    if (!liveness.drainDelay().equals(silent.drainDelay())) {
      line(out, "Drain Delay", liveness.drainDelay().toMillis() + " ms");
    }
  }

  private static void print(ProviderConfig config, PrintWriter out) {
    Provider provider = config.provider();
    out.println("  - " + provider.name());
    line(out, "  API Base URL", withoutQuery(provider.url()));
    line(
        out,
        "  API Key",
        config.apiKeys().stream().map(Secret::masked).collect(Collectors.joining(", ")));
    if (!provider.models().isEmpty()) {
      line(out, "  Models", String.join(", ", provider.models()));
    }
    if (provider.profile() != Profile.of(provider.name(), provider.url())) {
      line(out, "  Profile", provider.profile().key());
    }
    if (!provider.modelWhitelist().isEmpty()) {
      line(out, "  Whitelist", String.join(", ", provider.modelWhitelist()));
    }
    if (!provider.maxOutputTokens().isEmpty()) {
      line(
          out,
          "  Max Output",
          provider.maxOutputTokens().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(cap -> (cap.getKey().isEmpty() ? "" : cap.getKey() + " ") + cap.getValue())
              .collect(Collectors.joining(", ")));
    }
  }

  /** Where any proxy is named, which one a provider is reached through. */
  private static void printProxy(Config config, ProviderConfig each, PrintWriter out) {
    ForwardProxy proxy = config.way(each).proxy();
    if (proxy != null) {
      line(out, "  Proxy", proxy + " (" + proxy.key() + ")");
    } else if (each.outbound().direct() || config.forwardProxy() != null) {
      line(out, "  Proxy", "direct");
    }
  }

  /** Prints a name and a value, one below the other. */
  static void line(PrintWriter out, String name, String value) {
    out.printf("  %-15s: %s%n", name, value);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Some providers take their keys in the query. */
  private static String withoutQuery(URI url) {
    String query = url.getRawQuery();
    return query == null ? url.toString() : url.toString().replace("?" + query, "?***");
  }
}
