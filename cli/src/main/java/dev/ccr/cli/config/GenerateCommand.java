package dev.ccr.cli.config;

import dev.ccr.cli.files.PrivateFile;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code ccr config generate}: writes an example with comments, to be edited. */
final class GenerateCommand implements Callable<Integer> {

  private static final String FORCE = "--force";

  private final Map<String, String> env;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private GenerateCommand(Map<String, String> env) {
    this.env = env;
  }

  static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new GenerateCommand(env).spec;
    spec.name("generate");
    Help.addTo(spec);
    spec.usageMessage().description("Writes an example configuration with comments, to be edited.");
    spec.addOption(
        OptionSpec.builder("-f", FORCE)
            .description("Replace the configuration that is there; a copy is kept.")
            .build());
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path file = ConfigReader.defaultPath(env);
      if (PrivateFile.isYaml(file)) {
        err.println(file + ": YAML (expected: a name that ends in .json, to write to)");
        return ExitCode.SOFTWARE;
      }
      if (PrivateFile.exists(file)) {
        if (!spec.commandLine().getParseResult().hasMatchedOption(FORCE)) {
          err.println(file + ": exists (expected: no file, or --force to replace it)");
          return ExitCode.SOFTWARE;
        }
        out.println("The old configuration is " + PrivateFile.keep(file));
      }
      PrivateFile.write(file, example());
      out.println("The example is " + file + ": put in your provider and its key");
      return ExitCode.OK;
    } catch (ConfigException e) {
      return Problems.print(e, err);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private static String example() throws IOException {
    try (InputStream in = GenerateCommand.class.getResourceAsStream("example.json")) {
      if (in == null) {
        throw new IllegalStateException("the example is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
