package dev.ccr.cli.config;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Style;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ccr config validate}: everything that is wrong with the configuration. */
final class ValidateCommand implements Callable<Integer> {

  private final Map<String, String> env;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private ValidateCommand(Map<String, String> env) {
    this.env = env;
  }

  static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new ValidateCommand(env).spec;
    spec.name("validate");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Prints everything that is wrong with the configuration, a line each, and exits with 1"
                + " if there is anything but warnings.");
    return spec;
  }

  @Override
  public Integer call() {
    try {
      Config config = ConfigReader.read(ConfigReader.defaultPath(env), env);
      Map<Boolean, List<String>> isProblem = // the router starts without, but is of little use
          config.warnings().stream()
              .collect(Collectors.partitioningBy(each -> each.endsWith(Config.NO_DEFAULT)));
      return print(
          isProblem.getOrDefault(false, List.of()), isProblem.getOrDefault(true, List.of()));
    } catch (ConfigException e) {
      return print(e.warnings(), e.problems());
    }
  }

  private int print(List<String> warnings, List<String> problems) {
    PrintWriter out = spec.commandLine().getOut();
    Style style = Style.of(env);
    warnings.forEach(warning -> out.println(style.yellow("warning: " + warning)));
    problems.forEach(problem -> out.println(style.red(problem)));
    if (!problems.isEmpty()) {
      return ExitCode.SOFTWARE;
    }
    out.println(style.green("Configuration is valid!"));
    return ExitCode.OK;
  }
}
