package dev.ccr.cli.config;

import dev.ccr.cli.files.PrivateFile;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ConfigWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code ccr config migrate}: any configuration that can be read, in the documented form. */
final class MigrateCommand implements Callable<Integer> {

  private static final String WRITE = "--write";

  private final Map<String, String> env;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private MigrateCommand(Map<String, String> env) {
    this.env = env;
  }

  static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new MigrateCommand(env).spec;
    spec.name("migrate");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Says a configuration, another router's too, in this router's own JSON: prints it, with"
                + " the keys that it holds, or writes it to where the router looks. What has no"
                + " effect is left out, with a warning.");
    spec.addOption(
        OptionSpec.builder("-w", WRITE)
            .description("Write it; copies of replaced files are kept.")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .index("0")
            .arity("0..1")
            .type(Path.class)
            .description("What to read; without it, the configuration that the router reads.")
            .build());
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Map<String, String> plain = Environment.withoutOverrides(env);
    try {
      Path own = ConfigReader.defaultPath(env);
      Path source = spec.commandLine().getParseResult().matchedPositionalValue(0, own);
      Config config = ConfigReader.read(source, plain);
      Problems.warn(config, err);
      String text = ConfigWriter.json(config, plain);
      if (spec.commandLine().getParseResult().hasMatchedOption(WRITE)) {
        write(text, own, source, out);
      } else {
        out.print(text);
        out.flush();
      }
      return ExitCode.OK;
    } catch (ConfigException e) {
      return Problems.print(e, err);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private void write(String text, Path own, Path source, PrintWriter out) throws IOException {
    Path target = json(own);
    if (PrivateFile.exists(target)) {
      out.println("The old configuration is " + PrivateFile.keep(target));
    }
    PrivateFile.write(target, text);
    out.println("The configuration is " + target);
    boolean named = !env.getOrDefault("CCR_CONFIG_PATH", "").isEmpty();
    if (!target.equals(own) && named) {
      out.println("CCR_CONFIG_PATH still names " + own + ": let it name the new file");
    } else if (!target.equals(own) && Files.isSameFile(own, source)) {
      out.println("What was read is put aside: " + PrivateFile.putAside(own));
    }
    if (!target.equals(own)) {
      out.println("Restart the router if it runs: it goes on looking for " + own);
    }
  }

  /** The same name, with the ending that tells what is written there. */
  private static Path json(Path file) {
    return PrivateFile.isYaml(file)
        ? file.resolveSibling(
            String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", ".json"))
        : file;
  }
}
