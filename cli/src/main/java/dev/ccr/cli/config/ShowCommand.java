package dev.ccr.cli.config;

import dev.ccr.cli.Help;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Scenario;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
    out.println("Providers:");
    for (ProviderConfig each : config.providers()) {
      out.println("  - " + each.provider().name());
      line(out, "  API Base URL", withoutQuery(each.provider().url()));
      line(
          out,
          "  API Key",
          each.apiKeys().stream().map(Secret::masked).collect(Collectors.joining(", ")));
      if (!each.provider().models().isEmpty()) {
        line(out, "  Models", String.join(", ", each.provider().models()));
      }
    }
    if (!config.routes().targets().isEmpty()) {
      out.println("Router:");
    }
    for (Scenario scenario : Scenario.values()) {
      ModelRef target = config.routes().target(scenario);
      if (target != null) {
        line(out, scenario.key(), target.toString());
      }
    }
    out.flush();
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("  %-15s: %s%n", name, value);
  }

  /** Some providers take their keys in the query. */
  private static String withoutQuery(URI url) {
    String query = url.getRawQuery();
    return query == null ? url.toString() : url.toString().replace("?" + query, "?***");
  }
}
