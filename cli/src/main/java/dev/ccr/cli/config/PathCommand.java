package dev.ccr.cli.config;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ccr config path}: where the configuration is looked for. */
final class PathCommand implements Callable<Integer> {

  private final Map<String, String> env;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private PathCommand(Map<String, String> env) {
    this.env = env;
  }

  static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new PathCommand(env).spec;
    spec.name("path");
    Help.addTo(spec);
    spec.usageMessage().description("Prints where the configuration is looked for.");
    return spec;
  }

  @Override
  public Integer call() {
    try {
      Path file = ConfigReader.defaultPath(env).toAbsolutePath();
      spec.commandLine().getOut().println(file);
      if (!Files.exists(file)) {
        spec.commandLine().getErr().println("no such file; ccr config init makes it");
      }
      return ExitCode.OK;
    } catch (ConfigException e) {
      return Problems.print(e, spec.commandLine().getErr());
    }
  }
}
